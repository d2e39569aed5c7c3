import type { RunAnswers } from '@/lib/api';
import { type Answer, ANSWERS_SHOWN, type Run, type Second } from '@/lib/curl/run';
import { callApi, type ShownProblem } from '@/lib/client/request';

/** Runs that are over, as the server remembers them. */

/** A run with what the charts need of it. */
export interface PastRun {
  readonly run: Run;
  /** The newest 600, oldest first: as many as the charts draw. */
  readonly answers: readonly Answer[];
  readonly seconds: readonly Second[];
}

/** What was asked for, or why it did not come. */
export type Fetched<T> = { ok: true; data: T } | { ok: false; problem: ShownProblem };

/** The last 20 runs, newest first. */
export async function fetchRuns(): Promise<Fetched<readonly Run[]>> {
  const result = await callApi<{ runs: Run[] }>('GET', 'api/runs');
  return result.ok ? { ok: true, data: result.data.runs } : result;
}

/** One run with its answers. */
export async function fetchPast(id: string): Promise<Fetched<PastRun>> {
  const path = `api/runs/${encodeURIComponent(id)}` as const;
  const [summary, all] = await Promise.all([
    callApi<Run>('GET', path),
    callApi<RunAnswers>('GET', `${path}/answers`),
  ]);
  if (!summary.ok) return summary;
  if (!all.ok) return all;
  const { answers, seconds } = all.data;
  return { ok: true, data: { run: summary.data, answers: answers.slice(-ANSWERS_SHOWN), seconds } };
}
