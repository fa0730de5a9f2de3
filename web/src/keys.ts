// keys.ts - j and k move through the rows of a list marked data-keys, Enter opens (rows hold a link,
// so that is the browser's own doing), ? shows the keys. Nothing happens while somebody types.

const typing = 'input, textarea, select, [contenteditable]';

function links(list: Element): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('a[data-row]')];
}

function move(list: Element, by: number): void {
  const all = links(list);
  if (!all.length) return;
  const row = document.activeElement?.closest('tr, li');
  const at = all.findIndex((link) => link === document.activeElement || (row && row.contains(link)));
  const next = at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by));
  all[next].focus();
  all[next].scrollIntoView({ block: 'nearest' });
}

function toggleHelp(): void {
  const help = document.getElementById('keys') as HTMLDialogElement | null;
  if (!help) return;
  if (help.open) help.close();
  else help.showModal();
}

export function followKeys(root: Document): void {
  root.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if ((event.target as Element).closest?.(typing)) return;
    if (event.key === '?') {
      toggleHelp();
      return;
    }
    const list = root.querySelector('[data-keys]');
    if (!list || (event.key !== 'j' && event.key !== 'k')) return;
    event.preventDefault();
    move(list, event.key === 'j' ? 1 : -1);
  });
}
