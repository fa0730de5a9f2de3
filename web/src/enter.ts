// enter.ts - forms that a clerk fills in all day (data-enter-next, naming the field to begin with):
// Enter moves on to the next field instead of sending, Ctrl+Enter sends, and a number field takes the
// focus on a fresh page.

const fields = 'input:not([type=hidden]), select, textarea, button[type=submit]';

function isUsable(field: HTMLElement): boolean {
  return !field.hasAttribute('disabled') && field.offsetParent !== null;
}

function moveOn(form: HTMLFormElement, from: HTMLElement): void {
  const all = [...form.querySelectorAll<HTMLElement>(fields)].filter(isUsable);
  const next = all[all.indexOf(from) + 1];
  next?.focus();
  if (next instanceof HTMLInputElement && next.type === 'text') next.select();
}

export function enterMovesOn(root: Document): void {
  const form = root.querySelector<HTMLFormElement>('form[data-enter-next]');
  if (!form) return;
  form.addEventListener('keydown', (event) => {
    const field = event.target as HTMLElement;
    if (event.key !== 'Enter' || event.isComposing || !field.matches(fields)) return;
    if (event.ctrlKey || event.metaKey) {
      form.requestSubmit();
      event.preventDefault();
    } else if (!field.matches('textarea, button')) {
      event.preventDefault();
      moveOn(form, field);
    }
  });
  const first = form.elements.namedItem(form.dataset.enterNext ?? '');
  if (first instanceof HTMLElement && !root.querySelector('[data-focus]')) first.focus();
}
