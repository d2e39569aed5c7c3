import { useFromNow } from '@/lib/client/hooks';
import { useMoment } from './time-travel';
import type { Window } from './window';

/** The shown stretch of time: up to now, moving in steps too small to see; still while in the past. */
export function useWindow(): Window {
  const { at, end, zoom } = useMoment();
  const step = Math.max(1000, Math.round(zoom / 1200));
  const now = useFromNow((ms) => Math.ceil(ms / step) * step);
  const to = at === null ? now : end;
  return { from: to - zoom, to };
}
