import { useRef, useState, type PointerEvent } from 'react';
import { serverNow } from '@/lib/client/clock';
import { timeTravel } from '../time-travel';
import type { TimeScale } from '../time-window';
import type { SwimlaneChart } from './build-chart';
import type { LaneBox } from './lane-layout';
import { tooltipAt, type ChartTooltip } from './tooltip';

/** The part of the window at its right end in which a press means "now". */
const NOW_SHARE = 1 / 200;

/** Tooltip on hover; press and drag choose the time that the board shows. */
export function useChartPointer(
  chart: SwimlaneChart,
  boxes: readonly LaneBox[],
  { from, to, width, toX }: TimeScale,
  since: number | null,
) {
  const [tooltip, setTooltip] = useState<ChartTooltip | null>(null);
  const pressed = useRef(false);

  const timeAt = (event: PointerEvent) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width));
    return from + share * (to - from);
  };
  const goTo = (time: number) => {
    if (time > to - (to - from) * NOW_SHARE) timeTravel.backToNow();
    else timeTravel.goTo(Math.max(time, since ?? 0), serverNow());
  };
  const release = () => {
    pressed.current = false;
  };
  const handlers = {
    onPointerMove(event: PointerEvent) {
      const time = timeAt(event);
      const { top } = event.currentTarget.getBoundingClientRect();
      setTooltip(tooltipAt(chart, boxes, toX(time), event.clientY - top, time));
      if (pressed.current) goTo(time);
    },
    onPointerLeave: () => setTooltip(null),
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return;
      pressed.current = true;
      event.currentTarget.setPointerCapture(event.pointerId);
      goTo(timeAt(event));
    },
    onPointerUp: release,
    onPointerCancel: release,
  };
  return { tooltip, handlers };
}
