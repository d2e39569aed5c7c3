import type { LiveMessage } from '@/lib/api';
import { ANSWERS_SHOWN, SECONDS_SHOWN } from '@/lib/curl/run';
import type { LiveRun } from './cache';
import { keepSame } from './keep-same';

/** The run with a message's answers and seconds added; `reset` or another run's id starts over. */
export function addToRun(
  before: LiveRun | null | undefined,
  { run, answers, seconds, reset }: Extract<LiveMessage, { kind: 'run' }>,
): LiveRun {
  const kept = !reset && before?.run.id === run.id ? before : { answers: [], seconds: [] };
  const bySecond = new Map([...kept.seconds, ...seconds].map((one) => [one.second, one]));
  return {
    run: keepSame(before?.run, run),
    answers: [...kept.answers, ...answers].slice(-ANSWERS_SHOWN),
    // The first outcome of a second can arrive after those of later seconds.
    seconds: [...bySecond.values()].toSorted((a, b) => a.second - b.second).slice(-SECONDS_SHOWN),
  };
}
