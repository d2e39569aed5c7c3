'use client';

import { useCallback, useEffect, useState } from 'react';
import { liveCache } from '@/lib/client/cache';
import { readParameter, setParameter } from '@/lib/client/page-address';
import { useCached } from '@/lib/client/use-cached';
import { reportLinkProblem } from '../../link/link-problems';
import { fetchPastRun, type PastRun } from './fetch-runs';

interface OpenedRun {
  readonly past: PastRun;
  /** Id of the latest run then; undefined while it is not known. */
  readonly latest: string | null | undefined;
}

/**
 * A past run that is shown until the next one starts, at first that of the page's address. `runId`: id of the latest run.
 * The address holds the run that is shown if this page opened or started it.
 */
export function usePastRun(runId: string | null, isOurs: (id: string) => boolean) {
  const known = useCached('run') !== undefined;
  const [linked] = useState(() => readParameter('run'));
  const [loading, setLoading] = useState(linked !== null);
  const [opened, setOpened] = useState<OpenedRun | null>(null);
  if (opened?.latest === undefined && opened && known) setOpened({ ...opened, latest: runId });
  const isCurrent = opened?.latest === undefined || opened.latest === runId;
  const past = opened && isCurrent && opened.past.run.id !== runId ? opened.past : null;

  const open = useCallback((next: PastRun) => setOpened({ past: next, latest: runId }), [runId]);
  const close = useCallback(() => setOpened(null), []);

  useEffect(() => {
    if (linked === null) return;
    void fetchPastRun(linked).then((result) => {
      setLoading(false);
      if (result.ok) setOpened({ past: result.data, latest: undefined });
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
