'use client';

import { useSyncExternalStore } from 'react';
import useSWR from 'swr';
import type { Access, PastView, Status } from '@/lib/api';
import type { SwarmView } from '@/lib/swarm/view';
import { isTooOld, LIVE_MOST, useFromNow, useNow } from './clock';
import {
  KEYS,
  type Health,
  type ConnectionState,
  type LiveRun,
  type ViewAge,
  type TimelineHistory,
} from './cache';
import { onToken, readToken } from './csrf-token';

export { useFromNow, useNow } from './clock';
export { useHit } from './hits';
export type { LiveRun } from './cache';

function useCached<T>(key: string): T | undefined {
  return useSWR<T>(key, null).data;
}

/** The swarm as it was last seen; null before the first picture. It stays when all else fails. */
export function useView(): SwarmView | null {
  return useCached<SwarmView | null>(KEYS.view) ?? null;
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
  return useCached<Access>(KEYS.access) ?? NO_ACCESS;
}

/** Whether this browser may fire requests (`run`) or change the swarm. The server decides all the same. */
export function useMay(what: 'run' | 'change'): boolean {
  const { role } = useAccess();
  return role === 'operator' || (role === 'guest' && what === 'run');
}

/** Whether this browser's sign-in has ended by itself: who signs out gives the token back. */
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
  return useCached<number>(KEYS.maxReplicas) ?? 0;
}

/** The present or last run and its latest answers; null when there was none. */
export function useRun(): LiveRun | null {
  return useCached<LiveRun | null>(KEYS.run) ?? null;
}

/** Whether the server is of another build than this page: it was upgraded since. */
export function useUpgraded(): boolean {
  return useCached<boolean>(KEYS.upgraded) ?? false;
}

/** Whether the picture is live, and what is wrong if it is not. */
export interface Connection {
  /** `reconnecting`: the server was heard less than five seconds ago and is being called again. */
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

/** Whether the picture is live. Renders only when that changes: see `useStatus` for its age. */
export function useConnection(): Connection {
  const health = useCached<Health>(KEYS.health) ?? { state: 'connecting', problem: null };
  const link = useCached<ConnectionState>(KEYS.link) ?? 'connecting';
  const old = useFromNow(isTooOld);
  if (link === 'silent' || (health.state === 'live' && old)) return SILENT;
  if (link === 'lost' && health.state === 'live') return { state: 'reconnecting', problem: null };
  return health;
}

/** `Connection` with the picture's age. */
export interface LiveStatus extends Connection {
  /** Since the engine last gave a whole picture, in ms; null when it never did. */
  age: number | null;
}

/**
 * Whether the picture is live and its age; renders once a second. A page that has not yet heard from its
 * server only says so, whatever its HTML had: its age is unknown.
 */
export function useStatus(): LiveStatus {
  const connection = useConnection();
  const link = useCached<ConnectionState>(KEYS.link) ?? 'connecting';
  const picture = useCached<ViewAge>(KEYS.picture);
  // A status that came since the last tick is newer than the tick.
  const now = Math.max(useNow(), picture?.now ?? 0);
  const age = picture?.at == null ? null : Math.max(0, now - picture.at);
  if (link === 'connecting' && connection.state === 'live') {
    return { state: 'connecting', problem: null, age: null };
  }
  // The two are told one after the other; between them an old age must not stand beside `live`.
  const old = connection.state === 'live' && age !== null && age > LIVE_MOST;
  return { ...(old ? SILENT : connection), age };
}

/** The last hour; null until it has been told. */
export function useTimeline(): TimelineHistory | null {
  return useCached<TimelineHistory>(KEYS.timeline) ?? null;
}

/** The past moment that the board shows; null while it shows the present. */
export function usePast(): PastView | null {
  return useCached<PastView | null>(KEYS.past) ?? null;
}
