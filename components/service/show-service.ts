import { chooseService } from './choose-service';

/** How long the service panel may take to show another service (ms). */
const LONGEST_MS = 5000;

/** Shows a service in the service panel, scrolls there and moves the focus to its heading. */
export function showService(name: string): void {
  chooseService(name);
  const end = performance.now() + LONGEST_MS;
  requestAnimationFrame(function look() {
    const heading = [...document.querySelectorAll<HTMLElement>('main h2')].find(
      ({ textContent }) => textContent === name,
    );
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      heading.closest('section')?.scrollIntoView({ block: 'nearest' });
    } else if (performance.now() < end) requestAnimationFrame(look);
  });
}
