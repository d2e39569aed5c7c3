import { shortDuration } from '@/lib/client/age';
import { clockTime } from '@/lib/swarm/duration';
import { counted } from '@/lib/swarm/words';
import type { SwimlaneChart } from './build-chart';
import type { Flag } from './flags';
import type { Lane } from './lane';
import { AXIS_HEIGHT, rowTop, type LaneBox } from './lane-layout';
import type { TaskBar } from './task-bars';

/** The marks at a point of the chart, in words. */
export interface ChartTooltip {
  x: number;
  at: number;
  lines: string[];
}

/** Marks within this distance of the pointer count as hit (px). */
const HIT_DISTANCE = 6;

/** The tooltip for the point (x, y) of the chart at time `at`. */
export function tooltipAt(
  chart: SwimlaneChart,
  boxes: readonly LaneBox[],
  x: number,
  y: number,
  at: number,
): ChartTooltip {
  const gap = chart.gaps.find((one) => x >= one.x && x <= one.x + one.width);
  const lines = gap ? [`Not recorded: ${gap.reason}`] : [];
  if (y < AXIS_HEIGHT) return { x, at, lines: [...lines, ...flagLines(chart.flags, x)] };
  const index = boxes.findIndex((box) => y >= box.y && y < box.y + box.height);
  const lane = chart.lanes[index];
  const box = boxes[index];
  if (!lane || !box) return { x, at, lines };
  return { x, at, lines: [...lines, ...laneLines(lane, box, x, y - box.y)] };
}

function laneLines(lane: Lane, box: LaneBox, x: number, y: number): string[] {
  const down = lane.down.some((one) => x >= one.x && x <= one.x + one.width);
  const bars = lane.bars.filter(
    (bar) => x >= bar.x - HIT_DISTANCE / 2 && x <= bar.x + Math.max(bar.width, HIT_DISTANCE),
  );
  const hit = bars.find((bar) => {
    const top = rowTop(bar.row, box);
    return y >= top - 1 && y <= top + box.bar + 1;
  });
  return [
    ...flagLines(lane.flags, x),
    ...(down ? [`${lane.name} was not ready`] : []),
    ...(hit ? barLines(hit) : [`${lane.name}: ${counted(bars.length, 'task')}`]),
  ];
}

function flagLines(flags: readonly Flag[], x: number): string[] {
  return flags
    .filter((flag) => Math.abs(flag.x - x) <= HIT_DISTANCE)
    .map(({ entry, count }) => (count > 1 ? `${entry.text}, and ${count - 1} more` : entry.text));
}

const ENDS = {
  running: 'running',
  starting: 'starting',
  completed: 'completed',
  failed: 'failed',
  stopped: 'stopped',
  lost: 'state unknown: its node is down',
} as const;

function barLines({ span, count }: TaskBar): string[] {
  const { name, from, to, end } = span;
  const time =
    to === null
      ? `since ${clockTime(from)}`
      : `${clockTime(from)} – ${clockTime(to)} (${shortDuration(to - from)})`;
  const merged = count > 1 ? [`${count} tasks in quick succession; the last one:`] : [];
  return [...merged, `${name} ${ENDS[end]}`, time];
}
