import { focusHeading } from '../ui/focus-heading';

/** How long after a dialog the control that opened it may go away because of the change (ms). */
const LONGEST_MS = 60_000;
/** After this time (ms) the page does not scroll any more: the user may have scrolled elsewhere. */
const SCROLL_MS = 3000;
const STEP_MS = 50;

/** A control and the elements around it, the innermost first. They cannot be found any more once the control is removed. */
export interface Place {
  control: Element | null;
  around: readonly Element[];
}

/** The place of a control that is in the page. */
export function placeOf(control: Element | null): Place {
  const around: Element[] = [];
  for (let part = control?.parentElement; part; part = part.parentElement) around.push(part);
  return { control, around };
}

/**
 * Keeps the focus in the page when the control that got it back from a dialog goes away with what was changed, as the
 * button of a paused update does: it goes to the first heading of the innermost part that is left. It may be gone before
 * the dialog is closed, when the page has the change before its answer.
 */
export function keepFocus({ control, around }: Place): void {
  let focused = control;
  const began = performance.now();
  const timer = setInterval(() => {
    const { activeElement, body } = document;
    // A control that is disabled for a moment loses the focus too.
    const isLost = activeElement === body || activeElement === null;
    const passed = performance.now() - began;
    if (isLost && !focused?.isConnected) focused = focusFirst(around, passed < SCROLL_MS);
    else if ((!isLost && activeElement !== focused) || passed > LONGEST_MS) clearInterval(timer);
  }, STEP_MS);
}

function focusFirst(around: readonly Element[], scroll: boolean): Element | null {
  const headings = around
    .filter((part) => part.isConnected)
    .flatMap((part) => [...part.querySelectorAll('h2')]);
  for (const heading of headings) {
    if (focusHeading(heading, { scroll })) return heading;
  }
  return null;
}
