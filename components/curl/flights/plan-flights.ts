import type { Answer } from '@/lib/curl/run';

/** Which answers are seen to travel over the board, and when. */

/** At most so many a second are drawn; more would be a blur, and cost frames. */
export const MOST_PER_SECOND = 20;
/** Answers come in batches; each is drawn as far into this time, in ms, as it lay in its batch. */
export const BATCH_MS = 250;
/** How long an answer is on its way, in ms. */
export const FLIGHT_MS = 380;

/** One answer to draw. */
export interface Flight {
  readonly answer: Answer;
  /** When it sets off, in ms from now. */
  readonly delay: number;
}

/** What a batch looks like: those that fly, and those that only light their task. */
export function flightsOf(batch: readonly Answer[]): {
  flights: Flight[];
  rest: readonly Answer[];
} {
  const most = (MOST_PER_SECOND * BATCH_MS) / 1000;
  const step = Math.max(1, batch.length / most);
  const chosen = new Set<number>();
  for (let at = 0; at < batch.length && chosen.size < most; at += step) chosen.add(Math.floor(at));
  const flights: Flight[] = [];
  const rest: Answer[] = [];
  batch.forEach((answer, at) => {
    if (chosen.has(at)) flights.push({ answer, delay: (at / batch.length) * BATCH_MS });
    else rest.push(answer);
  });
  return { flights, rest };
}

/** The answers that came after `last`, oldest first; none when `last` is not among them any more. */
export function newSince(answers: readonly Answer[], last: Answer | null): readonly Answer[] {
  if (last === null) return [];
  const at = answers.lastIndexOf(last);
  return at < 0 ? [] : answers.slice(at + 1);
}
