import type { Span } from '@/lib/swarm/timeline-schemas';
import type { SwarmView } from '@/lib/swarm/view';
import type { TimelineHistory } from '@/lib/client/cache';
import { matchesFilter, NO_FILTER, type TimelineFilter } from '../timeline-filter';
import type { TimeScale, TimeWindow } from '../time-window';
import { groupIntoFlags, type Flag } from './flags';
import { buildLane, laneMarkCount, type Lane } from './lane';
import { laneOrder } from './lane-order';
import { byStart } from './task-bars';
import { GAP_REASONS } from '../event-words';

/** The swimlane chart, ready to draw. */
export interface SwimlaneChart {
  lanes: Lane[];
  /** Entries about services. */
  flags: Flag[];
  /** Periods without data (px). */
  gaps: { key: string; x: number; width: number; reason: string }[];
  /** Number of nodes with tasks whose lane is not drawn. */
  hiddenLanes: number;
  /** Number of SVG marks. */
  marks: number;
}

/** Marks at most, so that an eventful hour does not slow down the browser. */
export const MAX_CHART_MARKS = 600;
const MAX_LANES = 14;
/** Marks that every lane may have, regardless of the others. */
const MIN_LANE_MARKS = 24;

export function buildChart(
  timeline: TimelineHistory,
  view: Pick<SwarmView, 'hat' | 'nodes' | 'goneNodes'>,
  scale: TimeScale,
  filter: TimelineFilter = NO_FILTER,
): SwimlaneChart {
  const { from, to } = scale;
  const inWindow = timeline.entries.filter(({ at }) => at >= from && at <= to);
  const entries = inWindow.filter((entry) => matchesFilter(entry, filter));
  const gaps = chartGaps(timeline, scale);
  const flags = groupIntoFlags(
    entries.filter(({ nodeId, taskId }) => nodeId === null && taskId === null),
    scale,
  );
  const spans = spansByNode(timeline.spans, scale, filter);
  const order = filter.nodeId === null ? laneOrder(spans, view, entries) : [filter.nodeId];
  const lanes: Lane[] = [];
  let marks = gaps.length + flags.length;
  for (const [index, nodeId] of order.slice(0, MAX_LANES).entries()) {
    const lanesLeft = Math.min(MAX_LANES, order.length - index);
    const lane = buildLane(
      nodeId,
      spans.get(nodeId) ?? [],
      inWindow.filter((entry) => entry.nodeId === nodeId && entry.taskId === null),
      timeline,
      view,
      scale,
      Math.max(MIN_LANE_MARKS, Math.floor((MAX_CHART_MARKS - marks) / lanesLeft)),
    );
    if (marks + laneMarkCount(lane) > MAX_CHART_MARKS) break;
    marks += laneMarkCount(lane);
    lanes.push(lane);
  }
  return { lanes, flags, gaps, hiddenLanes: order.length - lanes.length, marks };
}

function chartGaps({ gaps }: TimelineHistory, { from, to, toX }: TimeScale) {
  return gaps
    .filter((gap) => gap.from < to && (gap.to ?? to) > from)
    .map((gap) => {
      const x = toX(gap.from);
      const width = Math.max(2, toX(gap.to ?? to) - x);
      return { key: `${gap.from}`, x, width, reason: GAP_REASONS[gap.why] };
    });
}

/** The spans in the window that match the filter, by node, oldest first. */
function spansByNode(
  spans: readonly Span[],
  { from, to }: TimeWindow,
  { nodeId, serviceId }: TimelineFilter,
): Map<string, Span[]> {
  const byNode = new Map<string, Span[]>();
  for (const span of spans) {
    if (nodeId !== null && span.nodeId !== nodeId) continue;
    if (serviceId !== null && span.serviceId !== serviceId) continue;
    if (span.from > to || (span.to ?? to) < from) continue;
    const list = byNode.get(span.nodeId);
    if (list) list.push(span);
    else byNode.set(span.nodeId, [span]);
  }
  for (const list of byNode.values()) list.sort(byStart);
  return byNode;
}
