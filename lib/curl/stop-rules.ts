import { isFailure, type ErrorKind } from './run';

/** Consecutive connect failures that end a run. */
export const MAX_CONNECT_FAILURES = 10;
/** Window over which the share of errors is computed, in ms. */
const ERROR_WINDOW_MS = 5000;
/** Minimum outcomes in the window. */
const ERROR_WINDOW_MIN = 20;
/** A larger share of errors ends the run. */
const MAX_ERROR_SHARE = 0.5;

const CONNECT_FAILURES = new Set<ErrorKind>(['refused', 'connect timeout', 'not sent']);

/** Decides when a run must end by itself, so that it does not keep sending to something broken. */
export class StopRules {
  #connectFailures = 0;
  readonly #recent: { at: number; failed: boolean }[] = [];

  /**
   * Counts one outcome, in order of arrival; `at` is ms since the run's start. Returns why the run must end,
   * or null. An answer from an unknown container is not a failure.
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
