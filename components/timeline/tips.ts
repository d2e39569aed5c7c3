import { clockTime, shortDuration } from '@/lib/swarm/duration';
import type { TaskBar } from './bars';
import type { Chart, Flag } from './swimlane-chart';
import { AXIS, rowY, type LanePlace } from './layout';

/** What stands at a point of the chart. */
export interface Tip {
  x: number;
  at: number;
  lines: string[];
}

/** How near the pointer has to come to a mark (px). */
const NEAR = 6;

/** What to say of the point (x, y) of the chart, which stands for the time `at`. */
export function tipAt(
  chart: Chart,
  places: readonly LanePlace[],
  x: number,
  y: number,
  at: number,
): Tip {
  const gap = chart.gaps.find((one) => x >= one.x && x <= one.x + one.width);
  const lines = gap ? [gap.why] : [];
  if (y < AXIS) return { x, at, lines: [...lines, ...flagLines(chart.flags, x)] };
  const index = places.findIndex((place) => y >= place.y && y < place.y + place.height);
  const lane = chart.lanes[index];
  const place = places[index];
  if (!lane || !place) return { x, at, lines };
  const down = lane.down.some((one) => x >= one.x && x <= one.x + one.width);
  const inside = y - place.y;
  const bars = lane.bars.filter(
    (bar) => x >= bar.x - NEAR / 2 && x <= bar.x + Math.max(bar.width, NEAR),
  );
  const row = bars.find((bar) => {
    const top = rowY(bar.row, place);
    return inside >= top - 1 && inside <= top + place.bar + 1;
  });
  return {
    x,
    at,
    lines: [
      ...lines,
      ...flagLines(lane.flags, x),
      ...(down ? [`${lane.name} was not ready`] : []),
      ...(row
        ? barLines(row)
        : [`${lane.name}: ${bars.length} ${bars.length === 1 ? 'task' : 'tasks'}`]),
    ],
  };
}

function flagLines(flags: readonly Flag[], x: number): string[] {
  return flags
    .filter((flag) => Math.abs(flag.x - x) <= NEAR)
    .map(({ entry, count }) => (count > 1 ? `${entry.text}, and ${count - 1} more` : entry.text));
}

const ENDS = {
  running: 'runs',
  starting: 'is starting',
  failed: 'failed',
  stopped: 'stopped',
  lost: 'unknown: its node is down',
} as const;

function barLines({ span, count }: TaskBar): string[] {
  const { name, from, to, end } = span;
  const time = to === null ? `since ${clockTime(from)}` : `${clockTime(from)} – ${clockTime(to)}`;
  const length = to === null ? '' : ` (${shortDuration(to - from)})`;
  const many = count > 1 ? [`${count} tries so close that they are one mark; the last:`] : [];
  return [...many, `${name} ${ENDS[end]}`, `${time}${length}`];
}
