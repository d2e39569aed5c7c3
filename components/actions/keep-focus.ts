/** How long after a dialog the control that opened it may go away because of the change (ms). */
const LONGEST_MS = 10_000;
const STEP_MS = 50;

/**
 * Keeps the focus in the page when the control that got it back from a dialog goes away with what was changed, as the
 * button of a paused update does: it goes to the heading of the part that the control was in, or else to the first one.
 */
export function keepFocus(control: Element | null): void {
  const parts = partsOf(control);
  const end = performance.now() + LONGEST_MS;
  const timer = setInterval(() => {
    const { activeElement, body } = document;
    const isLost = activeElement === body && !control?.isConnected;
    if (isLost) focusHeading(parts);
    if (isLost || activeElement !== control || performance.now() > end) clearInterval(timer);
  }, STEP_MS);
}

/** The parts of the page that a control is in, the innermost first. */
function partsOf(control: Element | null): Element[] {
  const parts: Element[] = [];
  for (
    let part = control?.closest('section');
    part;
    part = part.parentElement?.closest('section')
  ) {
    parts.push(part);
  }
  return parts;
}

function focusHeading(parts: readonly Element[]): void {
  const [heading] = [...parts.filter((part) => part.isConnected), document].flatMap(
    (part) => part.querySelector<HTMLElement>('h2') ?? [],
  );
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
