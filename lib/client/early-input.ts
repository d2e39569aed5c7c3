/**
 * A click or Enter before the page's own code listens. The inline script in the first HTML keeps the last one, and the
 * code that it was meant for takes it when it is there: the page's buttons after hydration, the board's details and
 * the sign-in form when they are loaded.
 */
interface EarlyInput {
  event: Event | null;
  stop: () => void;
}

declare global {
  // oxlint-disable-next-line no-var -- how a global is declared
  var earlyInput: EarlyInput | undefined;
}

/** The inline script. Plain text, as it runs before everything else. */
export const EARLY_INPUT_SCRIPT = `(function () {
var types = ['click', 'keydown'], early = self.earlyInput = { event: null, stop: function () {
types.forEach(function (type) { removeEventListener(type, keep, true) }) } };
function keep(event) { if (event.isTrusted && (event.type === 'click' || event.key === 'Enter')) early.event = event }
types.forEach(function (type) { addEventListener(type, keep, true) }) })()`;

/** Takes the last early input if it is `wanted`; null without one. */
export function takeEarlyInput(wanted: (event: Event) => boolean): Event | null {
  const early = globalThis.earlyInput;
  const event = early?.event;
  // One that is being dispatched still reaches the listeners that there are now: React hydrates within a click.
  if (!early || !event || event.eventPhase !== Event.NONE || !wanted(event)) return null;
  early.event = null;
  return event;
}

/** Keeps no further input: everything listens. The last one can still be taken. */
export function endEarlyInput() {
  globalThis.earlyInput?.stop();
}

/** Buttons that React handles; the browser itself handles those that open a popover. */
const BUTTONS = 'button:not([data-details], [popovertarget])';

const buttonOf = ({ type, target }: Event): HTMLElement | null =>
  type === 'click' && target instanceof Element ? target.closest<HTMLElement>(BUTTONS) : null;

/**
 * Repeats a click on one of the page's buttons, in a task of its own: React then hydrates the part of the page that has
 * the button first, which it cannot do within an effect.
 */
export function repeatEarlyClick(): () => void {
  const timer = setTimeout(() => {
    const event = takeEarlyInput((one) => buttonOf(one) !== null);
    if (event) buttonOf(event)?.click();
  });
  return () => clearTimeout(timer);
}
