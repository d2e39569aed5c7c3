/** How long the note of a change stays with one text (ms). */
export const SHOWN_MS = 20_000;
/** How long it stays at most, however often its text follows the service (ms). */
export const LONGEST_MS = 40_000;
/** How long it stays after the pointer or the focus has left it (ms). */
const LEFT_MS = 2000;

/** What decides how long the note of a change is shown: times in ms of one clock. */
export interface NoteLife {
  changedAt: number;
  /** Since when it has its present text. */
  textAt: number;
  /** Whether it is being read: the pointer or the focus is in it. */
  held: boolean;
  /** When it was last held; null: never. */
  leftAt: number | null;
}

/** Until when the note of a change is shown: its life begins with the change, not with its place on the page. */
export function shownUntil({ changedAt, textAt, held, leftAt }: NoteLife): number {
  if (held) return Infinity;
  const until = Math.min(changedAt + LONGEST_MS, textAt + SHOWN_MS);
  return leftAt === null ? until : Math.max(until, leftAt + LEFT_MS);
}
