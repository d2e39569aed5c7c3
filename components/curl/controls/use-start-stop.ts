'use client';

import { useState } from 'react';
import type { RunRequest } from '@/lib/curl/run';
import { callApi, type Result, type ShownProblem } from '@/lib/client/request';

/** Starts and stops runs, one request at a time. */
export interface StartStop {
  /** A request is pending. */
  readonly busy: boolean;
  /** Why the last request was rejected; null if it was not. */
  readonly problem: ShownProblem | null;
  /** Whether this page started the run. */
  readonly isOurs: (runId: string) => boolean;
  readonly start: (request: RunRequest) => Promise<void>;
  readonly stop: (runId: string) => Promise<void>;
}

/** See {@link StartStop}. The run itself arrives by the live stream, as for all other viewers. */
export function useStartStop(): StartStop {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const [ours, setOurs] = useState<string | null>(null);
  const call = async <T>(request: Promise<Result<T>>) => {
    setBusy(true);
    setProblem(null);
    const result = await request;
    setBusy(false);
    if (!result.ok) setProblem(result.problem);
    return result;
  };
  return {
    busy,
    problem,
    isOurs: (runId) => runId === ours,
    start: async (request) => {
      const result = await call(callApi<{ id: string }>('POST', 'api/runs', request));
      if (result.ok) setOurs(result.data.id);
    },
    stop: async (runId) => {
      await call(callApi('DELETE', `api/runs/${encodeURIComponent(runId)}`));
    },
  };
}
