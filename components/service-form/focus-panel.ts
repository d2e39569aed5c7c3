/** How long the panel of a new service may take to appear (ms). */
const LONGEST_MS = 10_000;
const STEP_MS = 50;

/**
 * Moves the focus to the heading of a new service's panel, if the panel's arrival removes the control that opened the
 * form. Otherwise the focus stays where it is.
 */
export function focusPanel(name: string): void {
  const end = performance.now() + LONGEST_MS;
  const timer = setInterval(() => {
    const heading = [...document.querySelectorAll<HTMLElement>('main h2')].find(
      ({ textContent }) => textContent === name,
    );
    if (performance.now() > end) clearInterval(timer);
    if (!heading) return;
    clearInterval(timer);
    if (document.activeElement !== document.body) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }, STEP_MS);
}
