import type { Answer } from '@/lib/curl/run';

/** Cells in a row of the strip, and its rows. */
const ROW = 40;
const ROWS = 2;

/** The requests that the strip shows: the last two rows. It moves on by rows, so an answer keeps its column. */
export function stripWindow(
  answers: readonly Pick<Answer, 'n'>[],
  planned: number,
): { first: number; count: number } {
  const last = answers.reduce((most, { n }) => Math.max(most, n), 0);
  const row = Math.floor(Math.max(0, last - 1) / ROW);
  const first = Math.max(0, row - ROWS + 1) * ROW + 1;
  return { first, count: Math.max(1, Math.min(ROW * ROWS, planned - first + 1)) };
}
