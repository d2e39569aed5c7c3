import { chooseService } from './choose-service';

/** Shows a service in the service panel, scrolls there and moves the focus to its heading. */
export function showService(name: string): void {
  chooseService(name);
  // Once it is rendered.
  setTimeout(() => {
    const heading = [...document.querySelectorAll<HTMLElement>('main h2')].find(
      ({ textContent }) => textContent === name,
    );
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    heading.closest('section')?.scrollIntoView({ block: 'nearest' });
  });
}
