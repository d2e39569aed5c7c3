import { isFailure, type ErrorKind } from './run';

/** When a run should end by itself, because going on would only hammer something broken. */

/** Connect failures in a row after which a run ends. */
export const MAX_CONNECT_FAILURES = 10;
/** The stretch over which the share of errors is looked at, in milliseconds. */
const ERROR_WINDOW_MS = 5000;
/** Fewer outcomes than this in the stretch say nothing. */
const ERROR_WINDOW_MIN = 20;
/** A larger share of errors than this ends the run. */
const MAX_ERROR_SHARE = 0.5;

const CONNECT_FAILURES = new Set<ErrorKind>(['refused', 'connect timeout', 'not sent']);

/** Follows a run's outcomes in the order in which they come in. */
export class StopRules {
  #connectFailures = 0;
  readonly #recent: { at: number; failed: boolean }[] = [];

  /**
   * Takes one outcome, `at` in milliseconds since the run's start; says why the run should end,
   * or null. An unknown container did answer, so it is no failure here.
   */
  add(at: number, error: ErrorKind | null): 'connect failures' | 'too many errors' | null {
    const connectFailed = error !== null && CONNECT_FAILURES.has(error);
    this.#connectFailures = connectFailed ? this.#connectFailures + 1 : 0;
    if (this.#connectFailures >= MAX_CONNECT_FAILURES) return 'connect failures';

    this.#recent.push({ at, failed: isFailure(error) });
    while (at - (this.#recent[0]?.at ?? at) >= ERROR_WINDOW_MS) this.#recent.shift();
    const failed = this.#recent.filter((outcome) => outcome.failed).length;
    const enough = this.#recent.length >= ERROR_WINDOW_MIN;
    return enough && failed / this.#recent.length > MAX_ERROR_SHARE ? 'too many errors' : null;
  }
}
