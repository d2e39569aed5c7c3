'use client';

import { useEffect } from 'react';
import { liveCache } from '@/lib/client/cache';
import { planWords } from '@/lib/curl/plan';
import { ROTATE, type RunRequest } from '@/lib/curl/run';
import { useMay, useRun, useView } from '@/lib/client/hooks';
import type { ShownProblem } from '@/lib/client/request';
import type { ServiceView } from '@/lib/swarm/view';
import { useRunSettings } from '../curl/controls/use-run-settings';
import { useStartStop } from '../curl/controls/use-start-stop';
import { useBlock, type Block } from '../ui/Blocked';

/** What present mode shows and what its keys do. */
export interface StageState {
  /** The service that requests go to; else the first that can be scaled, or the first. */
  readonly service: ServiceView | undefined;
  readonly port: number | undefined;
  /** What a start would send; null without a port or an entry node. */
  readonly request: RunRequest | null;
  /** What a start would send, in words: `5/s × 30 s at ctrl`. */
  readonly plan: string;
  /** The equivalent `curl` command. */
  readonly command: string;
  /** Why no run can start in this swarm; null if one can. */
  readonly missing: string | null;
  readonly isRunning: boolean;
  readonly busy: boolean;
  /** Why the last start or stop was rejected. */
  readonly problem: ShownProblem | null;
  /** Why this viewer may not start a run. */
  readonly block: Block | null;
  /** Starts a run, or stops the active one; does nothing while neither is possible. */
  readonly toggleRun: () => void;
  readonly canToggle: boolean;
}

export function useStage(): StageState {
  const view = useView();
  const run = useRun()?.run ?? null;
  const active = run?.state === 'running' ? run : null;
  const { settings, request, target, entry, port, command, missing } = useRunSettings(view, active);
  const { busy, problem, start, stop } = useStartStop();
  const curled = active?.request.serviceId ?? target?.service.id ?? null;
  useEffect(() => liveCache.update('curled', () => curled), [curled]);
  const block = useBlock('run');
  const mayRun = useMay('run');
  const services = view?.services ?? [];
  const service =
    services.find(({ id }) => id === curled) ??
    services.find(({ replicas }) => replicas !== null) ??
    services[0];
  const canToggle = !busy && (active ? mayRun : block === null && request !== null);
  const toggleRun = () => {
    if (!canToggle) return;
    if (active) void stop(active.id);
    else if (request) void start(request);
  };
  const at = settings.entryNode === ROTATE ? 'all nodes in turn' : (entry?.name ?? '');
  const plan = `${planWords(settings)} at ${at}`;
  const isRunning = active !== null;
  return {
    service,
    port,
    request,
    plan,
    command,
    missing,
    isRunning,
    busy,
    problem,
    block,
    toggleRun,
    canToggle,
  };
}
