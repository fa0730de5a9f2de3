// idle.ts - a touch screen that nobody touches: after a minute it asks, half a minute later it starts
// anew. The start page waits for ever. Without scripts the page's own <meta> does the same, without
// noticing touches.
const ASKS_MS = 60_000, STARTS_MS = 30_000, ASKS_AT = '/kiosk/still-there';

export function watchIdle(root: Document): void {
  const { pathname } = root.location;
  if (!root.documentElement.classList.contains('is-kiosk') || pathname === '/') return;
  const isAsking = pathname === ASKS_AT;
  let timer = 0;
  const leave = () => root.location.replace(isAsking ? '/' : `${ASKS_AT}?next=${encodeURIComponent(pathname)}`);
  const again = () => {
    clearTimeout(timer);
    timer = window.setTimeout(leave, isAsking ? STARTS_MS : ASKS_MS);
  };
  again();
  if (!isAsking) for (const touch of ['pointerdown', 'keydown', 'scroll']) root.addEventListener(touch, again, { passive: true });
}
