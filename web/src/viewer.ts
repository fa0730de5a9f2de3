// viewer.ts - a file of a material beside the answers, without leaving the page or what is half
// written there. A link marked data-view names the kind of its file; on a wide screen it opens in the
// element "viewer". On a narrow one, and without scripts, it leads to the file.

const wide = '(min-width: 60rem)';

function shown(link: HTMLAnchorElement): HTMLElement {
  const title = link.textContent?.trim() ?? '';
  const isPicture = link.dataset.view?.startsWith('image/');
  const element = document.createElement(isPicture ? 'img' : 'iframe');
  element.src = link.href;
  element.title = title;
  if (element instanceof HTMLImageElement) element.alt = title;
  return element;
}

function open(viewer: HTMLElement, link: HTMLAnchorElement): void {
  viewer.querySelector('h2')!.textContent = link.textContent?.trim() ?? '';
  viewer.querySelector('a')!.href = link.href;
  viewer.querySelector('.viewer-frame')!.replaceChildren(shown(link));
  viewer.hidden = false;
  viewer.closest('.dossier')?.classList.add('has-viewer');
  viewer.focus({ preventScroll: true });
  viewer.scrollIntoView({ block: 'nearest' });
  const close = () => {
    viewer.hidden = true;
    viewer.querySelector('.viewer-frame')!.replaceChildren();
    viewer.closest('.dossier')?.classList.remove('has-viewer');
    link.focus();
  };
  viewer.querySelector('button')!.onclick = close;
  viewer.onkeydown = (event) => event.key === 'Escape' && close();
}

export function viewFiles(root: Document): void {
  root.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-view]');
    const viewer = root.getElementById('viewer');
    const isPlain = !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !viewer || !isPlain || !matchMedia(wide).matches) return;
    event.preventDefault();
    open(viewer, link);
  });
}
