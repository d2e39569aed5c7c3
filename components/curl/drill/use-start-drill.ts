'use client';

import { useState } from 'react';
import type { DrillRequest } from '@/lib/api';
import { callApi, type ShownProblem } from '@/lib/client/request';

/** Sends the request that starts a drill; calls `onStarted` when the server has accepted it. */
export function useStartDrill(runId: string, onStarted: () => void) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const start = async (request: DrillRequest) => {
    setBusy(true);
    setProblem(null);
    const result = await callApi('POST', `api/runs/${encodeURIComponent(runId)}/drill`, request);
    setBusy(false);
    if (result.ok) onStarted();
    else setProblem(result.problem);
  };
  return { busy, problem, start };
}
