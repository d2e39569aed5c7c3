'use client';

import {
  startTransition,
  useEffect,
  useRef,
  useState,
  type ComponentType,
  type ReactNode,
} from 'react';

/** A part is loaded at the latest this long after the page has been shown, in ms. */
const LATEST = 1500;

/** Shows `fallback` in place of a part until it comes near the window, or the page has settled. */
export function whenNear(
  Part: ComponentType<{ fallback?: ReactNode }>,
): ComponentType<{ fallback: ReactNode }> {
  return function NearPart({ fallback }) {
    const ref = useRef<HTMLDivElement>(null);
    const [near, setNear] = useState(false);
    useEffect(() => {
      const place = ref.current;
      if (near || !place) return undefined;
      const show = () => startTransition(() => setNear(true));
      const timer = setTimeout(show, LATEST);
      const observer = new IntersectionObserver(
        (entries) => {
          if (entries.some(({ isIntersecting }) => isIntersecting)) show();
        },
        { rootMargin: '300px' },
      );
      observer.observe(place);
      return () => {
        clearTimeout(timer);
        observer.disconnect();
      };
    }, [near]);
    return near ? <Part fallback={fallback} /> : <div ref={ref}>{fallback}</div>;
  };
}
