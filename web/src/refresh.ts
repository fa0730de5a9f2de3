// refresh.ts - parts of pages that renew themselves.
//
// A list with hx-trigger="every 5s" rests while nobody can see it. A field marked data-refreshes may
// change which questions follow: its form gets the event "refresh", and says with hx-post, hx-target
// and hx-select what to renew. What somebody answers while the renewed part is on its way is newer than
// that part: it is dropped and asked for again, so that nothing typed is lost on a slow line.

interface Htmx {
  trigger(element: Element, name: string): void;
}

interface Swap {
  shouldSwap: boolean;
  requestConfig?: { elt: Element };
}

export function restWhileHidden(root: Document): void {
  root.addEventListener('htmx:beforeRequest', (event) => {
    const trigger = (event.target as Element).getAttribute('hx-trigger') ?? '';
    if (root.hidden && trigger.includes('every ')) event.preventDefault();
  });
}

const refreshes = (form: Element) => form.getAttribute('hx-trigger')?.includes('refresh') ?? false;

export function refreshForms(root: Document, htmx: Htmx): void {
  const answered = new WeakSet<Element>(); /* since the last request went out */
  root.addEventListener('input', (event) => {
    const { form } = event.target as HTMLInputElement;
    if (form) answered.add(form);
  });
  root.addEventListener('change', (event) => {
    const field = event.target as HTMLInputElement;
    if (field.form && field.hasAttribute('data-refreshes') && refreshes(field.form)) htmx.trigger(field.form, 'refresh');
  });
  root.addEventListener('htmx:beforeSend', (event) => answered.delete(event.target as Element));
  root.addEventListener('htmx:beforeSwap', (event) => {
    const swap = (event as CustomEvent<Swap>).detail;
    const form = swap.requestConfig?.elt;
    if (!form || !refreshes(form) || !answered.has(form)) return;
    swap.shouldSwap = false;
    htmx.trigger(form, 'refresh');
  });
}
