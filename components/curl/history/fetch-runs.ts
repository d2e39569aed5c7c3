import type { RunAnswers } from '@/lib/api';
import { callApi, type Result } from '@/lib/client/request';
import { type Answer, ANSWERS_SHOWN, type Run, type Second } from '@/lib/curl/run';

/** A run with the data of its charts. */
export interface PastRun {
  readonly run: Run;
  /** The newest 600, oldest first: as many as the charts show. */
  readonly answers: readonly Answer[];
  readonly seconds: readonly Second[];
}

/** Fetches the last 20 runs, newest first. */
export async function fetchRuns(): Promise<Result<readonly Run[]>> {
  const result = await callApi<{ runs: Run[] }>('GET', 'api/runs');
  return result.ok ? { ok: true, data: result.data.runs } : result;
}

/** Fetches one run with its answers. */
export async function fetchPastRun(id: string): Promise<Result<PastRun>> {
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
