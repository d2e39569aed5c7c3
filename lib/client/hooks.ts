'use client';

import { useSyncExternalStore } from 'react';
import type { Access, PastView, Status } from '@/lib/api';
import type { SwarmView } from '@/lib/swarm/view';
import { isTooOld, MAX_LIVE_AGE, useFromNow, useNow } from './clock';
import type { Health, LiveRun, TimelineHistory } from './cache';
import { onToken, readToken } from './csrf-token';
import { useCached } from './use-cached';

export { useFromNow, useNow } from './clock';
export { useIsLit } from './lit-tasks';
export type { LiveRun } from './cache';

/** The latest view of the swarm, kept when the connection fails; null before the first. */
export function useView(): SwarmView | null {
  return useCached('view') ?? null;
}

const NO_ACCESS: Access = {
  mode: 'read-only',
  signedIn: false,
  role: 'reader',
  operators: false,
  closed: false,
};

/** What this browser may do. */
export function useAccess(): Access {
  return useCached('access') ?? NO_ACCESS;
}

/** Whether this browser may start runs or change the swarm. The server enforces it. */
export function useMay(what: 'run' | 'change'): boolean {
  const { role } = useAccess();
  return role === 'operator' || (role === 'guest' && what === 'run');
}

/** Whether this browser's session ended without a sign-out, which removes the token. */
export function useSignInEnded(): boolean {
  const { mode, signedIn } = useAccess();
  const lost = mode === 'password' && !signedIn;
  return useSyncExternalStore(
    onToken,
    () => lost && readToken() !== null,
    () => false,
  );
}

/** The highest replica count that the server accepts. */
export function useMaxReplicas(): number {
  return useCached('maxReplicas') ?? 0;
}

/** The current or last run and its latest answers; null without one. */
export function useRun(): LiveRun | null {
  return useCached('run') ?? null;
}

/** Whether the server is of another build than this page: it was upgraded since. */
export function useUpgraded(): boolean {
  return useCached('upgraded') ?? false;
}

/** Whether the view is live, and why not. */
export interface Connection {
  /** `reconnecting`: the connection was lost, or the tab was hidden, less than five seconds ago. */
  state: Status['state'] | 'reconnecting';
  /** Why it is not live. */
  problem: Health['problem'];
}

const SILENT: Connection = {
  state: 'stale',
  problem: {
    kind: 'server-silent',
    detail: "The dashboard's server does not answer.",
    next: 'Check that it still runs; this page returns by itself.',
  },
};

const RECONNECTING: Connection = { state: 'reconnecting', problem: null };

/** Whether the view is live. Renders only when that changes; `useStatus` has the age too. */
export function useConnection(): Connection {
  const health = useCached('health') ?? { state: 'connecting', problem: null };
  const link = useCached('link') ?? 'connecting';
  const old = useFromNow(isTooOld);
  if (link === 'silent') return SILENT;
  if (health.state !== 'live') return health;
  if (old === true) return SILENT;
  return old || link === 'lost' ? RECONNECTING : health;
}

/** `Connection` with the view's age. */
export interface LiveStatus extends Connection {
  /** Time since the last successful poll of the engine (ms); null without one. */
  age: number | null;
}

/**
 * Whether the view is live, and its age; renders once a second. Before the first message of the stream the page
 * is connecting, and the age of the view in its HTML unknown.
 */
export function useStatus(): LiveStatus {
  const connection = useConnection();
  const link = useCached('link') ?? 'connecting';
  const viewAge = useCached('viewAge');
  // A status may be newer than the last tick.
  const now = Math.max(useNow(), viewAge?.now ?? 0);
  const age = viewAge?.at == null ? null : Math.max(0, now - viewAge.at);
  if (link === 'connecting' && connection.state === 'live') {
    return { state: 'connecting', problem: null, age: null };
  }
  // Both change one after the other; between them an old age must not be shown as live.
  const old = connection.state === 'live' && age !== null && age > MAX_LIVE_AGE;
  if (!old) return { ...connection, age };
  return { ...(isTooOld(now) === true ? SILENT : RECONNECTING), age };
}

/** The timeline of the last hour; null before it was received. */
export function useTimeline(): TimelineHistory | null {
  return useCached('timeline') ?? null;
}

/** The past view that the board shows; null while it shows the latest. */
export function usePast(): PastView | null {
  return useCached('past') ?? null;
}
