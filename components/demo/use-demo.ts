'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { DemoChange, DemoState } from '@/lib/demo-control';
import { useConnection, useView } from '@/lib/client/hooks';
import { callApi, type ShownProblem } from '@/lib/client/request';

/** Delay of a refresh after the view has changed, in ms; changes within it share one. */
const REFRESH_MS = 1000;

/** The demo's faults, and how to change them. */
export interface DemoControl {
  /** Null until it is loaded. */
  state: DemoState | null;
  /** Why the last change failed, or why the state cannot be read. */
  problem: ShownProblem | null;
  /** Whether a change is pending. */
  busy: boolean;
  change: (change: DemoChange) => void;
}

/** Reads the demo's faults from the server, again whenever the view changes: another tab or a terminal may have set some. */
export function useDemo(): DemoControl {
  const view = useView();
  const health = useConnection().state;
  const [state, setState] = useState<DemoState | null>(null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  /** Counts changes: a response to a request from before the last one is outdated. */
  const changes = useRef(0);

  const refresh = useCallback(() => {
    const then = changes.current;
    void callApi<DemoState>('GET', 'api/demo').then((result) => {
      // Other problems end by themselves, so the next refresh may succeed.
      if (!result.ok) {
        const { kind } = result.problem;
        if (kind === 'page-outdated' || kind === 'altered-answer') setProblem(result.problem);
      } else if (then === changes.current) setState(result.data);
    });
  }, []);

  useEffect(refresh, [refresh]);
  useEffect(() => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      refresh();
    }, REFRESH_MS);
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- both signal that the state may have changed
  }, [view, health, refresh]);
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );

  const change = useCallback((request: DemoChange) => {
    changes.current++;
    setBusy(true);
    void callApi<DemoState>('POST', 'api/demo', request).then((result) => {
      changes.current++;
      setBusy(false);
      setProblem(result.ok ? null : result.problem);
      if (result.ok) setState(result.data);
    });
  }, []);
  return { state, problem, busy, change };
}
