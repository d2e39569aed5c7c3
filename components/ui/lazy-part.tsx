'use client';

import { startTransition, useEffect, useState, type ComponentType, type ReactNode } from 'react';

/** Delay before a failed load is retried, in ms. */
const RETRY_MS = 2000;

/** Loads a part's code. A failed load (the server restarts) is retried until it succeeds. */
async function load<T>(importPart: () => Promise<T>): Promise<T> {
  try {
    return await importPart();
  } catch {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    return load(importPart);
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
      if (loaded) return;
      void load(importPart).then((part) => {
        Loaded = part;
        // Rendered in slices: many parts arrive at once while the page loads.
        startTransition(() => setLoaded(true));
      });
    }, [loaded]);
    return loaded && Loaded ? <Loaded {...(props as unknown as P)} /> : fallback;
  };
}
