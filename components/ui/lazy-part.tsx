'use client';

import { useEffect, useState, type ComponentType, type ReactNode } from 'react';

/** Delay before a failed load is retried, in ms. */
const RETRY_MS = 2000;

/**
 * A component whose code is loaded when it is first rendered. Unlike with `React.lazy`, a failed load
 * (the server restarts) throws nothing: `fallback` stays and the load is retried.
 */
export function lazyPart<P extends object>(
  importPart: () => Promise<ComponentType<P>>,
): ComponentType<P & { fallback?: ReactNode }> {
  let Loaded: ComponentType<P> | undefined;
  return function LazyPart({ fallback = null, ...props }: P & { fallback?: ReactNode }) {
    const [, setLoaded] = useState(Loaded !== undefined);
    useEffect(() => {
      if (Loaded) return undefined;
      let timer: ReturnType<typeof setTimeout> | undefined;
      let unmounted = false;
      const load = () => {
        importPart().then(
          (part) => {
            Loaded = part;
            if (!unmounted) setLoaded(true);
          },
          () => {
            if (!unmounted) timer = setTimeout(load, RETRY_MS);
          },
        );
      };
      load();
      return () => {
        unmounted = true;
        clearTimeout(timer);
      };
    }, []);
    return Loaded ? <Loaded {...(props as unknown as P)} /> : fallback;
  };
}
