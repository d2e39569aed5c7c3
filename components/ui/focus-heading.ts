/** Moves the focus to a heading, if it is shown; `scroll`: also into sight. */
export function focusHeading(heading: HTMLElement, { scroll }: { scroll: boolean }): boolean {
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  if (document.activeElement !== heading) return false;
  if (scroll) heading.scrollIntoView({ block: 'nearest' });
  return true;
}
