import type { Answer } from '@/lib/curl/run';

/** Maximum flights per second; more would look like noise and cost frames. */
export const MAX_PER_SECOND = 20;
/** The flights of a batch are spread over this time, in ms. */
export const BATCH_MS = 250;
/** Duration of a flight, in ms. */
export const FLIGHT_MS = 380;

export interface Flight {
  readonly answer: Answer;
  /** Start of the flight, in ms from now. */
  readonly delay: number;
}

/** Selects the answers of a batch that fly; the rest only light their tasks. */
export function planFlights(batch: readonly Answer[]): {
  flights: Flight[];
  rest: readonly Answer[];
} {
  const most = (MAX_PER_SECOND * BATCH_MS) / 1000;
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

/** Returns the answers after `last` (null: all), oldest first; none if `last` is no longer among them. */
export function newAnswers(answers: readonly Answer[], last: Answer | null): readonly Answer[] {
  if (last === null) return answers;
  const at = answers.lastIndexOf(last);
  return at < 0 ? [] : answers.slice(at + 1);
}
