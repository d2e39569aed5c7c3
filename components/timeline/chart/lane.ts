import type { Span } from '@/lib/swarm/timeline-schemas';
import type { TimelineEntry } from '@/lib/swarm/timeline-schemas';
import type { NodeView, SwarmView } from '@/lib/swarm/view';
import type { TimelineHistory } from '@/lib/client/cache';
import type { TimeScale } from '../time-window';
import { downTimes } from './down-times';
import { groupIntoFlags, type Flag } from './flags';
import { assignRows, markCount, taskBars, type TaskBar } from './task-bars';

/** One node's row of the chart. */
export interface Lane {
  nodeId: string;
  name: string;
  /** The node's present state; null if it is no longer in the swarm. */
  node: NodeView | null;
  rows: number;
  bars: TaskBar[];
  /** Periods in which the node was not ready (px). */
  down: { x: number; width: number }[];
  /** Entries about the node itself. */
  flags: Flag[];
  /** Number of tasks that are not drawn for lack of space. */
  hidden: number;
}

/** Maximum of rows per lane. */
const MAX_ROWS = 12;
/** Distances within which tasks of one slot are merged (px), tried until the lane's marks fit. */
const MERGE_DISTANCES = [4, 8, 16, 32];

/** The lane of a node with the `spans` and `entries` of the window, in at most `maxMarks` marks. */
export function buildLane(
  nodeId: string,
  spans: readonly Span[],
  entries: readonly TimelineEntry[],
  timeline: TimelineHistory,
  { nodes, goneNodes }: Pick<SwarmView, 'nodes' | 'goneNodes'>,
  scale: TimeScale,
  maxMarks: number,
): Lane {
  const { from, to, toX } = scale;
  const node = nodes.find(({ id }) => id === nodeId) ?? null;
  const times = downTimes(nodeId, timeline.entries, node);
  const rows = assignRows(timeline.spans.filter((span) => span.nodeId === nodeId));
  const shownRows = chooseRows(spans, rows, from);
  // Renumbered without the rows that the window does not need.
  const rowOf = new Map(
    spans.map(({ taskId }) => [taskId, shownRows.indexOf(rows.get(taskId) ?? 0)] as const),
  );
  const shown = spans.filter(({ taskId }) => (rowOf.get(taskId) ?? -1) >= 0);
  const lane = {
    nodeId,
    name:
      (node ?? goneNodes.find(({ id }) => id === nodeId))?.name ??
      spans.at(-1)?.node ??
      nodeId.slice(0, 12),
    node,
    rows: Math.max(1, shownRows.length),
    down: times
      .filter((time) => time.from <= to && (time.to ?? to) >= from)
      .map((time) => {
        const x = toX(time.from);
        return { x, width: Math.max(2, toX(time.to ?? to) - x) };
      }),
    flags: groupIntoFlags(entries, scale),
    hidden: spans.length - shown.length,
  };
  let bars: TaskBar[] = [];
  for (const distance of MERGE_DISTANCES) {
    bars = taskBars(shown, rowOf, scale, distance, times);
    if (laneMarkCount({ ...lane, bars }) <= maxMarks) return { ...lane, bars };
  }
  // A bar has up to four marks.
  const last = bars.slice(-Math.floor(maxMarks / 4));
  return { ...lane, bars: last, hidden: lane.hidden + bars.length - last.length };
}

/** Up to `MAX_ROWS` rows in order; rows in which a task ended or started in the window have priority. */
function chooseRows(
  spans: readonly Span[],
  rows: ReadonlyMap<string, number>,
  from: number,
): number[] {
  const priorities = new Map<number, number>();
  for (const span of spans) {
    const row = rows.get(span.taskId) ?? 0;
    const priority = span.to !== null ? 2 : Number(span.from > from);
    priorities.set(row, Math.max(priority, priorities.get(row) ?? 0));
  }
  return [...priorities]
    .sort(([a, priorityA], [b, priorityB]) => priorityB - priorityA || a - b)
    .slice(0, MAX_ROWS)
    .map(([row]) => row)
    .sort((a, b) => a - b);
}

export function laneMarkCount({ bars, down, flags }: Lane): number {
  return bars.reduce((sum, bar) => sum + markCount(bar), 0) + down.length + flags.length;
}
