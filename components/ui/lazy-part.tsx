'use client';

import { useEffect, useState, type ComponentType, type ReactNode } from 'react';

/** Wait before a part's code is asked for again, in ms. */
const RETRY = 2000;

/**
 * A component whose code is loaded when it is first shown. Unlike `React.lazy` a failed load (the
 * server restarts just then) takes nothing down with it: `fallback` stays and it is tried again.
 */
export function lazyPart<P extends object>(
  load: () => Promise<ComponentType<P>>,
): ComponentType<P & { fallback?: ReactNode }> {
  let Loaded: ComponentType<P> | undefined;
  return function LazyPart({ fallback = null, ...props }: P & { fallback?: ReactNode }) {
    const [, show] = useState(Loaded !== undefined);
    useEffect(() => {
      if (Loaded) return undefined;
      let timer: ReturnType<typeof setTimeout> | undefined;
      let gone = false;
      const fetchIt = () => {
        load().then(
          (part) => {
            Loaded = part;
            if (!gone) show(true);
          },
          () => {
            if (!gone) timer = setTimeout(fetchIt, RETRY);
          },
        );
      };
      fetchIt();
      return () => {
        gone = true;
        clearTimeout(timer);
      };
    }, []);
    return Loaded ? <Loaded {...(props as unknown as P)} /> : fallback;
  };
}
