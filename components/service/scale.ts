'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { liveCache } from '@/lib/client/cache';
import { callApi } from '@/lib/client/request';
import type { ServiceView } from '@/lib/swarm/view';
import { counted } from '@/lib/swarm/words';

/** The replica count requested for one service, and the outcome of the last request. */
export interface ScaleState {
  /** The newest requested count; null once the engine shows it or has refused it. */
  readonly wanted: number | null;
  /** The count in the request in flight; null while there is none. */
  readonly sending: number | null;
  /** Why the last request was refused; cleared by the next one. */
  readonly refusal: ScaleRefusal | null;
}

/** A refusal as the page shows it. `kind` is the id of its row in /help. */
export interface ScaleRefusal {
  readonly kind: string;
  readonly detail: string;
  readonly next?: string | undefined;
}

export type ScaleEvent =
  /** `actual` is the count that the engine shows at the time of the click. */
  | { kind: 'request'; replicas: number; actual: number | null }
  /** The request in flight has ended; `refusal` is null when the engine accepted it. */
  | { kind: 'response'; refusal: ScaleRefusal | null }
  | { kind: 'observed'; replicas: number | null }
  | { kind: 'expired' };

export const IDLE: ScaleState = { wanted: null, sending: null, refusal: null };

/** How long after accepting a request the engine may show another count (ms). */
export const OVERTAKEN_MS = 5_000;

/** The state after `event`. One request is in flight at a time, and the newest count goes next. */
export function scaleReducer(state: ScaleState, event: ScaleEvent): ScaleState {
  const { wanted, sending } = state;
  switch (event.kind) {
    case 'request': {
      const { replicas, actual } = event;
      if (sending !== null) return { ...state, wanted: replicas, refusal: null };
      if (replicas === (wanted ?? actual)) return { ...state, refusal: null };
      return inFlight(replicas);
    }
    case 'response':
      // A newer count may be accepted although this one was refused.
      if (wanted !== null && wanted !== sending) return inFlight(wanted);
      return event.refusal ? { ...IDLE, refusal: event.refusal } : { ...state, sending: null };
    case 'observed':
      return sending === null && wanted !== null && wanted === event.replicas
        ? { ...state, wanted: null }
        : state;
    default:
      return sending === null && wanted !== null ? { ...state, wanted: null } : state;
  }
}

function inFlight(replicas: number): ScaleState {
  return { wanted: replicas, sending: replicas, refusal: null };
}

/** Sends one request; resolves to null when the engine accepted it. */
type Send = (replicas: number) => Promise<ScaleRefusal | null>;

/** One service's state, outside React: requests continue when another service is selected. */
export function createScaleStore(send: Send) {
  let state = IDLE;
  let expiry: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();

  const dispatch = (event: ScaleEvent): void => {
    const before = state;
    state = scaleReducer(before, event);
    if (state === before) return;
    if (before.sending === null && state.sending !== null) void sendUntilIdle();
    clearTimeout(expiry);
    if (state.wanted !== null && state.sending === null) {
      expiry = setTimeout(() => dispatch({ kind: 'expired' }), OVERTAKEN_MS);
    }
    for (const listener of listeners) listener();
  };

  async function sendUntilIdle(): Promise<void> {
    while (state.sending !== null) {
      dispatch({ kind: 'response', refusal: await send(state.sending) });
    }
  }

  return {
    dispatch,
    getState: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const stores = new Map<string, ReturnType<typeof createScaleStore>>();

function storeOf(serviceId: string) {
  const known = stores.get(serviceId);
  if (known) return known;
  const store = createScaleStore(async (replicas) => {
    const path = `api/services/${encodeURIComponent(serviceId)}/scale` as const;
    const services = liveCache.get('view')?.services;
    const before = services?.find(({ id }) => id === serviceId)?.version ?? null;
    const result = await callApi('POST', path, { replicas });
    if (!result.ok) return result.problem;
    void import('./time-convergence').then((part) => part.timeConvergence(serviceId, before));
    return null;
  });
  stores.set(serviceId, store);
  return store;
}

export interface Scale extends ScaleState {
  /** The requested count, or the engine's when there is none. */
  readonly shown: number;
  readonly request: (replicas: number) => void;
}

/** The scale requests of `service`, in step with what the engine shows. */
export function useScale({ id, replicas }: ServiceView): Scale {
  const store = storeOf(id);
  const state = useSyncExternalStore(store.subscribe, store.getState, () => IDLE);
  // The view can be ahead of the response, so this also runs when the response arrives.
  const accepted = state.sending === null && state.wanted !== null;
  useEffect(() => {
    if (accepted) store.dispatch({ kind: 'observed', replicas });
  }, [store, accepted, replicas]);
  return {
    ...state,
    shown: state.wanted ?? replicas ?? 0,
    request: (wanted) => store.dispatch({ kind: 'request', replicas: wanted, actual: replicas }),
  };
}

/** Reads the number typed into the field, or explains why it cannot be used. */
export function parseReplicas(text: string, max: number): { replicas: number } | { error: string } {
  const trimmed = text.trim();
  const replicas = Number(trimmed);
  if (!/^\d+$/.test(trimmed)) return { error: `Enter a whole number from 0 to ${max}.` };
  return replicas <= max ? { replicas } : { error: maxReplicasWords(max) };
}

/** The server's limit in a sentence. */
export function maxReplicasWords(max: number): string {
  return `This page scales to at most ${counted(max, 'replica')} (MAX_REPLICAS).`;
}
