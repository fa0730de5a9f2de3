// screen.ts - the large screen of a hall goes from slide to slide, and stays where it is while the server does not
// answer. Without scripts the page's own <meta> does it.
export function turnSlides(root: Document): void {
  const slide = root.querySelector<HTMLElement>('[data-next]');
  if (!slide) return;
  const { next = '', seconds = '' } = slide.dataset;
  const turn = async (): Promise<void> => {
    const isThere = await fetch(next, { cache: 'no-store' }).then((answer) => answer.ok, () => false);
    if (isThere) root.location.replace(next);
    else wait();
  };
  const wait = () => window.setTimeout(turn, Number(seconds) * 1000);
  wait();
}
