'use client';

import { useEffect, useSyncExternalStore } from 'react';
import type { ServiceView } from '@/lib/swarm/view';
import { callApi } from '@/lib/client/request';
import { IDLE, type ScaleQueue } from './scale-queue';
import { ScaleStore } from './scale-store';

const stores = new Map<string, ScaleStore>();

function storeOf(serviceId: string): ScaleStore {
  let store = stores.get(serviceId);
  if (!store) stores.set(serviceId, (store = new ScaleStore(serviceId, requestScale)));
  return store;
}

async function requestScale(serviceId: string, replicas: number) {
  const path = `api/services/${encodeURIComponent(serviceId)}/scale` as const;
  const result = await callApi('POST', path, { replicas });
  return result.ok ? null : result.problem;
}

/** One service's scale: what was asked for, and how to ask. */
export interface Scale {
  readonly queue: ScaleQueue;
  /** The number to show: asked for, else the engine's. */
  readonly shown: number;
  readonly ask: (replicas: number) => void;
}

/** The service's scale queue, kept in step with what the engine shows. */
export function useScale({ id, replicas }: ServiceView): Scale {
  const store = storeOf(id);
  const queue = useSyncExternalStore(store.subscribe, store.snapshot, () => IDLE);
  // Also when nothing is in flight any more: a picture can be ahead of the answer to a request.
  const waiting = queue.sending === null && queue.wanted !== null;
  useEffect(() => {
    if (waiting) store.dispatch({ kind: 'seen', replicas });
  }, [store, waiting, replicas]);
  return {
    queue,
    shown: queue.wanted ?? replicas ?? 0,
    ask: (wanted) => store.dispatch({ kind: 'ask', replicas: wanted, actual: replicas }),
  };
}
