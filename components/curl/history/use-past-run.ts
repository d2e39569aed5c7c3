'use client';

import { useCallback, useEffect, useState } from 'react';
import { liveCache } from '@/lib/client/cache';
import { readParameter, setParameter } from '@/lib/client/page-address';
import { serverNow } from '@/lib/client/clock';
import type { Run } from '@/lib/curl/run';
import { reportLinkProblem } from '../../link/link-problems';
import { fetchPastRun, type PastRun } from './fetch-runs';

interface OpenedRun {
  readonly past: PastRun;
  /** When it was opened, by the server's clock. */
  readonly at: number;
}

/**
 * A past run that is shown until the next one starts, at first that of the page's address. `latest`: the latest run, null
 * while there is none or it is not known. The address holds the run that is shown if this page opened or started it.
 */
export function usePastRun(latest: Run | null, isOurs: (id: string) => boolean) {
  const runId = latest?.id ?? null;
  const [linked] = useState(() => readParameter('run'));
  const [loading, setLoading] = useState(linked !== null);
  const [opened, setOpened] = useState<OpenedRun | null>(null);
  const isReplaced = opened !== null && latest !== null && latest.startedAt > opened.at;
  const past = opened && !isReplaced && opened.past.run.id !== runId ? opened.past : null;

  const open = useCallback((next: PastRun) => setOpened({ past: next, at: serverNow() }), []);
  const close = useCallback(() => setOpened(null), []);

  useEffect(() => {
    if (linked === null) return;
    void fetchPastRun(linked).then((result) => {
      setLoading(false);
      if (result.ok) setOpened({ past: result.data, at: serverNow() });
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
