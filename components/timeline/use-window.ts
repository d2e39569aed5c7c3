import { useEffect, useRef, useState, type RefObject } from 'react';
import { useFromNow } from '../live/hooks';
import { useMoment } from './moment';
import type { Window } from './window';

/** The shown stretch of time: up to now, moving in steps too small to see; still while in the past. */
export function useWindow(): Window {
  const { at, end, zoom } = useMoment();
  const step = Math.max(1000, Math.round(zoom / 1200));
  const now = useFromNow((ms) => Math.ceil(ms / step) * step);
  const to = at === null ? now : end;
  return { from: to - zoom, to };
}

/** An element's width in px, as it changes; 0 before it is known. */
export function useWidth<T extends Element>(): [RefObject<T | null>, number] {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
