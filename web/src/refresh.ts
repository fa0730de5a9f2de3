// refresh.ts - parts of pages that renew themselves.
//
// A list with hx-trigger="every 5s" rests while nobody can see it. A field marked data-refreshes may
// change which questions follow: its form gets the event "refresh", and says with hx-post, hx-target
// and hx-select what to renew.

interface Htmx {
  trigger(element: Element, name: string): void;
}

export function restWhileHidden(root: Document): void {
  root.addEventListener('htmx:beforeRequest', (event) => {
    const trigger = (event.target as Element).getAttribute('hx-trigger') ?? '';
    if (root.hidden && trigger.includes('every ')) event.preventDefault();
  });
}

export function refreshForms(root: Document, htmx: Htmx): void {
  root.addEventListener('change', (event) => {
    const field = event.target as HTMLInputElement;
    const form = field.form;
    if (!form || !field.hasAttribute('data-refreshes')) return;
    if (form.getAttribute('hx-trigger')?.includes('refresh')) htmx.trigger(form, 'refresh');
  });
}
