import type { MeasuredRun } from '@/lib/curl/compare';
import type { TaskIndex } from '@/lib/curl/identify';
import { isFailure, type Run } from '@/lib/curl/run';
import type { Seconds } from '@/lib/curl/seconds';
import { storyOf } from '@/lib/curl/story';
import { clockTime } from '@/lib/swarm/duration';
import { ActiveRun } from './active-run';
import type { AnswerStore } from './answer-store';
import type { FailureDrill } from './drill';
import type { Starter } from './run-engine';

/** A stored run: once it has ended, its final state and its answers, at most about 170 kB. */
export interface StoredRun {
  readonly id: string;
  readonly by: Starter;
  /** The active run; once it has ended, its final state. */
  now: ActiveRun | Run;
  drill: FailureDrill | null;
  readonly tasks: TaskIndex;
  readonly answers: AnswerStore;
  readonly seconds: Seconds;
}

/** The active run; null once it has ended. */
export function activeRunOf({ now }: StoredRun): ActiveRun | null {
  return now instanceof ActiveRun ? now : null;
}

/** A stored run as it is now. Its drill can still be restoring a node after the run's end. */
export function runOf({ now, drill }: StoredRun): Run {
  if (now instanceof ActiveRun && now.running) return now.run();
  const run = now instanceof ActiveRun ? now.run() : { ...now, drill: drill?.state() ?? null };
  return { ...run, story: storyOf(run, clockTime) };
}

/** A stored run with the latencies of its answers so far. */
export function measured(stored: StoredRun): MeasuredRun {
  const answers = stored.answers.slice(0, Infinity);
  const latencies = answers.flatMap(({ error, ms }) => (isFailure(error) ? [] : ms));
  return { run: runOf(stored), latencies: latencies.sort((a, b) => a - b) };
}
