// errors.ts - the summary of a refused form takes the focus; its links put the focus into the field.

export function focusErrors(root: ParentNode): void {
  const summary = root.querySelector<HTMLElement>('[data-focus]');
  if (!summary) return;
  const first = document.querySelector<HTMLElement>('form[data-enter-next] [aria-invalid="true"]');
  (first ?? summary).focus(); // a clerk mends at once; others read first what happened
  summary.addEventListener('click', (event) => {
    const link = (event.target as Element).closest('a');
    const id = link?.getAttribute('href')?.slice(1);
    const field = id ? document.getElementById(decodeURIComponent(id)) : null;
    if (!field) return;
    event.preventDefault();
    const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`) ?? field;
    label.scrollIntoView({ block: 'start' });
    field.focus({ preventScroll: true });
  });
}
