'use client';

import { useCallback, useEffect, useState } from 'react';
import { liveCache } from '@/lib/client/cache';
import { readParameter, setParameter } from '@/lib/client/page-address';
import { reportLinkProblem } from '../../link/link-problems';
import { fetchPastRun, type PastRun } from './fetch-runs';

interface OpenedRun {
  readonly past: PastRun;
  /** Id of the latest run then; null while none was known. */
  readonly latest: string | null;
}

/**
 * A past run that is shown until the next one starts, at first that of the page's address. `runId`: id of the latest run,
 * null while there is none or it is not known. The address holds the run that is shown if this page opened or started it.
 */
export function usePastRun(runId: string | null, isOurs: (id: string) => boolean) {
  const [linked] = useState(() => readParameter('run'));
  const [loading, setLoading] = useState(linked !== null);
  const [opened, setOpened] = useState<OpenedRun | null>(null);
  // The stream can bring the latest run after that of the address.
  if (opened?.latest === null && runId !== null) setOpened({ ...opened, latest: runId });
  const isCurrent = opened?.latest === null || opened?.latest === runId || runId === null;
  const isOwn = runId !== null && isOurs(runId) && opened?.latest !== runId;
  const past = opened && isCurrent && !isOwn && opened.past.run.id !== runId ? opened.past : null;

  const open = useCallback((next: PastRun) => setOpened({ past: next, latest: runId }), [runId]);
  const close = useCallback(() => setOpened(null), []);

  useEffect(() => {
    if (linked === null) return;
    void fetchPastRun(linked).then((result) => {
      setLoading(false);
      if (result.ok) setOpened({ past: result.data, latest: null });
      else if (result.problem.kind === 'not-found') {
        reportLinkProblem(
          'The run of the link is gone: only the last 20 runs since the dashboard started are kept.',
        );
      } else reportLinkProblem(`The run of the link cannot be shown. ${result.problem.detail}`);
    });
  }, [linked]);

  const run = past?.run ?? null;
  useEffect(() => liveCache.update('openedRun', () => run), [run]);

  const ours = runId !== null && (isOurs(runId) || runId === linked) ? runId : null;
  const held = run?.id ?? ours;
  useEffect(() => {
    if (!loading) setParameter('run', held);
  }, [loading, held]);

  return { past, open, close };
}
