import { focusHeading } from '../ui/focus-heading';
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
      focusHeading(heading, { scroll: true });
      // As much of the panel as there is room for.
      heading.closest('section')?.scrollIntoView({ block: 'nearest' });
    } else if (performance.now() < end) requestAnimationFrame(look);
  });
}
