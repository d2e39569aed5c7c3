'use client';

import { startTransition, useEffect, useState, type ComponentType, type ReactNode } from 'react';

/** Delay before a failed load is retried, in ms. */
const RETRY_MS = 2000;

/** Loads code. A failed load (the server restarts) is retried until it succeeds, so that no click on it is lost. */
export async function loadPart<T>(importPart: () => Promise<T>): Promise<T> {
  try {
    return await importPart();
  } catch {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    return loadPart(importPart);
  }
}

/** A component whose code is loaded when it is first rendered in the browser; until then `fallback` is shown. */
export function lazyPart<P extends object>(
  importPart: () => Promise<ComponentType<P>>,
): ComponentType<P & { fallback?: ReactNode }> {
  let Loaded: ComponentType<P> | undefined;
  return function LazyPart({ fallback = null, ...props }: P & { fallback?: ReactNode }) {
    const [loaded, setLoaded] = useState(Loaded !== undefined);
    useEffect(() => {
      if (loaded) return undefined;
      // While the page loads there are many parts: each is requested in a task of its own, and rendered in slices.
      const timer = setTimeout(() => {
        void loadPart(importPart).then((part) => {
          Loaded = part;
          startTransition(() => setLoaded(true));
        });
      });
      return () => clearTimeout(timer);
    }, [loaded]);
    return loaded && Loaded ? <Loaded {...(props as unknown as P)} /> : fallback;
  };
}
