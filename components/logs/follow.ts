/**
 * Why a log is paused; null: it follows. Of these only `scroll` ends by scrolling to the end again: who paused by a button,
 * selects text or reads a line decides when to go on.
 */
export type FollowPause = 'scroll' | 'button' | 'selection' | 'line' | null;

/** So near to its end a list counts as scrolled to the end (px). */
const END = 24;

/** A scroll event. */
export interface Scrolled {
  /** By how much (px); negative: up. */
  by: number;
  /** What is below the window (px). */
  below: number;
}

/** The pause after the list was scrolled. Its own growth is no scrolling: `by` is not negative then. */
export function pauseAfterScroll(pause: FollowPause, { by, below }: Scrolled): FollowPause {
  if (pause === null && by < 0 && below > END) return 'scroll';
  if (pause === 'scroll' && by > 0 && below <= END) return null;
  return pause;
}

/** `1 new line`, `1,234 new lines`. */
export function newLines(waiting: number): string {
  return `${waiting.toLocaleString('en')} new ${waiting === 1 ? 'line' : 'lines'}`;
}
