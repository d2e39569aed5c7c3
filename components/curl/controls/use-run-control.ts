'use client';

import { useState } from 'react';
import * as z from 'zod/mini';
import type { RunRequest } from '@/lib/curl/run';
import type { Problem } from '@/lib/api';
import { callApi, type Result } from '@/lib/client/request';

const createdSchema = z.object({ id: z.string() });

/** Starting and stopping runs, one request at a time. */
export interface RunControl {
  /** A start or stop is on its way. */
  readonly busy: boolean;
  /** Why the last one was refused; null when it was not. */
  readonly problem: Problem | null;
  /** Whether this page started that run, or somebody else did. */
  readonly isOurs: (runId: string) => boolean;
  readonly start: (request: RunRequest) => Promise<void>;
  readonly stop: (runId: string) => Promise<void>;
}

/** See {@link Runner}. The run itself is seen as everybody sees it: by the live stream. */
export function useRunControl(): RunControl {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [ours, setOurs] = useState<string | null>(null);
  const call = async (request: Promise<Result>) => {
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
      const result = await call(callApi('POST', 'api/runs', request));
      if (!result.ok) return;
      const created = createdSchema.safeParse(result.data);
      if (created.success) setOurs(created.data.id);
    },
    stop: async (runId) => {
      await call(callApi('DELETE', `api/runs/${encodeURIComponent(runId)}`));
    },
  };
}
