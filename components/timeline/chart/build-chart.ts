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
  /** When this dashboard sent requests, or a drill was under way (px). */
  actions: { key: string; kind: 'run' | 'drill'; x: number; width: number }[];
  /** Periods without data (px). */
  gaps: { key: string; x: number; width: number; reason: string }[];
  /** Number of nodes with tasks whose lane is not drawn. */
  hiddenLanes: number;
  /** Number of SVG marks. */
  marks: number;
}

/** Maximum of marks, so that an eventful hour does not slow down the browser. */
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
  // Entries are not in order of time: each is dated when it happened, and recorded later.
  const inWindow = timeline.entries
    .filter(({ at }) => at >= from && at <= to)
    .sort((a, b) => a.at - b.at);
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
  const actions = actionBands(timeline, scale);
  marks += actions.length;
  return { lanes, flags, actions, gaps, hiddenLanes: order.length - lanes.length, marks };
}

/** Maximum of bands: a program can start a run every second. */
const MAX_BANDS = 60;

/** From the start to the end of each run and drill; of one that goes on, or whose end was not recorded, there is only a flag. */
function actionBands({ entries }: TimelineHistory, { from, to, toX }: TimeScale) {
  const started = new Map<string, number>();
  const bands: SwimlaneChart['actions'] = [];
  for (const { kind, at, seq } of entries) {
    const [what, moment] = kind.split(' ');
    if (what !== 'run' && what !== 'drill') continue;
    if (moment === 'started') started.set(what, at);
    const start = started.get(what);
    if (moment !== 'ended' || start === undefined) continue;
    started.delete(what);
    if (at < from || start > to) continue;
    const x = toX(start);
    bands.push({ key: `${seq}`, kind: what, x, width: Math.max(2, toX(at) - x) });
  }
  return bands.slice(-MAX_BANDS);
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
