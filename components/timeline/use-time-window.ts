import { useFromNow } from '@/lib/client/hooks';
import type { TimeWindow } from './time-window';
import { useTimelinePosition } from './time-travel';

/**
 * The time window that the chart shows. Live, it ends now and moves in steps smaller than a pixel;
 * in the past it stands still.
 */
export function useTimeWindow(): TimeWindow {
  const { at, end, zoom } = useTimelinePosition();
  const step = Math.max(1000, Math.round(zoom / 1200));
  const now = useFromNow((ms) => Math.ceil(ms / step) * step);
  const to = at === null ? now : end;
  return { from: to - zoom, to };
}
