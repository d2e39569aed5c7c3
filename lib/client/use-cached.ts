'use client';

import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import { liveCache, type LiveData } from './cache';

/** The values that the server rendered the page with, used until the stream first writes a key. */
export const InitialValues = createContext<Partial<LiveData>>({});

/** The latest value of a key. Renders only when it changes. */
export function useCached<K extends keyof LiveData>(key: K): LiveData[K] | undefined {
  const initial = useContext(InitialValues)[key];
  const subscribe = useCallback(
    (listener: () => void) => liveCache.subscribe(key, listener),
    [key],
  );
  const read = () => {
    const value = liveCache.get(key);
    return value === undefined ? initial : value;
  };
  return useSyncExternalStore(subscribe, read, () => initial);
}
