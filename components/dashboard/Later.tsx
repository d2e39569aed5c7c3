'use client';

import { useEffect, useRef, useState, type ComponentType, type ReactNode } from 'react';

/**
 * Room for a part whose code is loaded when it comes near the window, or soon after the page has
 * settled. `className` gives it its size until then, so that nothing jumps.
 */
export function Later({
  className,
  part: Part,
}: {
  className: string;
  part: ComponentType<{ fallback?: ReactNode }>;
}) {
  const ref = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    const room = ref.current;
    if (near || !room) return undefined;
    const come = () => setNear(true);
    const timer = setTimeout(come, 1500);
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) come();
      },
      { rootMargin: '300px' },
    );
    observer.observe(room);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [near]);
  const room = <div ref={ref} className={`card ${className}`} aria-busy="true" />;
  return near ? <Part fallback={room} /> : room;
}
