'use client';

import { useCallback, useState } from 'react';
import type { PastRun } from './fetch-runs';

/** A past run that is shown until the next one starts. `runId`: id of the latest run. */
export function usePastRun(runId: string | null) {
  const [opened, setOpened] = useState<{ past: PastRun; latest: string | null } | null>(null);
  const open = useCallback((past: PastRun) => setOpened({ past, latest: runId }), [runId]);
  const close = useCallback(() => setOpened(null), []);
  return { past: opened && opened.latest === runId ? opened.past : null, open, close };
}
