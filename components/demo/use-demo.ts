'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { DemoState } from '@/lib/api';
import { useConnection, useView } from '@/lib/client/hooks';
import { callApi, type Result, type ShownProblem } from '@/lib/client/request';

/** The state is read again this long after the picture has changed, however often it changes (ms). */
const REFRESH = 1000;

/** One call of the demo's control endpoint (demo/README.md). */
export interface DemoRequest {
  path: '/node' | '/task' | '/image' | '/engine' | '/fill' | '/reset';
  body: Record<string, unknown>;
}

/** Which faults are on in the demo swarm, and how to ask for others. */
export interface DemoControl {
  /** Null until it is known. */
  state: DemoState | null;
  /** Why the last change, or the last look, did not work. */
  problem: ShownProblem | null;
  /** A change is on its way. */
  busy: boolean;
  change: (change: DemoRequest) => void;
}

/**
 * The demo's faults as the server tells them, read again when the picture or its health changes:
 * another tab may have made them, or a terminal.
 */
export function useDemo(): DemoControl {
  const view = useView();
  const health = useConnection().state;
  const [state, setState] = useState<DemoState | null>(null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  /** Answers that were asked for before the last change are old. */
  const changes = useRef(0);

  const take = useCallback((result: Result<DemoState>, silent: boolean) => {
    if (result.ok) {
      setState(result.data);
      if (!silent) setProblem(null);
    } else if (!silent) setProblem(result.problem);
  }, []);

  const refresh = useCallback(() => {
    const then = changes.current;
    void callApi<DemoState>('GET', 'api/demo').then((result) => {
      if (then === changes.current) take(result, true);
    });
  }, [take]);

  useEffect(refresh, [refresh]);
  useEffect(() => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      refresh();
    }, REFRESH);
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- both are the sign to look again
  }, [view, health, refresh]);
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );

  const change = useCallback(
    (change: DemoRequest) => {
      changes.current++;
      setBusy(true);
      void callApi<DemoState>('POST', 'api/demo', change).then((result) => {
        changes.current++;
        setBusy(false);
        take(result, false);
      });
    },
    [take],
  );
  return { state, problem, busy, change };
}
