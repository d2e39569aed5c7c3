import type { Span, TimelineEntry } from '@/lib/swarm/timeline-schemas';
import type { NodeView, SwarmView } from '@/lib/swarm/view';
import type { TimelineHistory } from '@/lib/client/cache';
import { assignRows, barsOf, byStart, marksOf, type TaskBar } from './bars';
import { NO_FILTER, passes, type TimelineFilter } from './list';
import type { Window } from './window';

/** A node's lane. */
export interface Swimlane {
  nodeId: string;
  name: string;
  /** The node as it is now; null when it has left the swarm. */
  node: NodeView | null;
  rows: number;
  bars: TaskBar[];
  /** Times in which it was not ready, in px. */
  down: { x: number; width: number }[];
  /** What happened to the node itself. */
  flags: Flag[];
  /** Tasks for which there was no row. */
  hidden: number;
}

/** Something that happened at one moment, or several things too close to be told apart. */
export interface Flag {
  key: string;
  x: number;
  /** The first of them, or the first bad one. */
  entry: TimelineEntry;
  count: number;
}

/** What is drawn. */
export interface Chart {
  lanes: Swimlane[];
  /** What happened to services. */
  flags: Flag[];
  /** Times without a picture, in px. */
  gaps: { key: string; x: number; width: number; why: string }[];
  /** Further nodes that had tasks, for which there was no room. */
  hiddenLanes: number;
  /** How many marks all that takes. */
  marks: number;
}

/** Marks drawn at most, so that a browser never chokes on an eventful hour. */
export const MARKS = 600;
/** Lanes at most, and rows in each. */
const LANES = 14;
const ROWS = 12;
/** Flags nearer than this (px) are one. */
const FLAG = 9;

/**
 * The swimlanes: the HAT's nodes in their order whether anything ran there or not, then the others
 * that had tasks: first those with bad news in the window, then those with any. Never more than
 * `MARKS`.
 */
export function chartOf(
  timeline: TimelineHistory,
  view: Pick<SwarmView, 'hat' | 'nodes'>,
  window: Window,
  width: number,
  filter: TimelineFilter = NO_FILTER,
): Chart {
  const { from, to } = window;
  const px = (at: number) => ((Math.min(to, Math.max(from, at)) - from) / (to - from)) * width;
  const within = timeline.entries.filter(({ at }) => at >= from && at <= to);
  const entries = within.filter((entry) => passes(entry, filter));
  const gaps = timeline.gaps
    .filter((gap) => gap.from < to && (gap.to ?? to) > from)
    .map((gap) => {
      const x = px(gap.from);
      return { key: `${gap.from}`, x, width: Math.max(2, px(gap.to ?? to) - x), why: gap.why };
    });
  const flags = flagsOf(
    entries.filter(({ nodeId, taskId }) => nodeId === null && taskId === null),
    px,
  );
  let marks = gaps.length + flags.length;
  const spans = spansByNode(timeline.spans, window, filter);
  const order = laneOrder(spans, view, entries, filter);
  const lanes: Swimlane[] = [];
  for (const [at, nodeId] of order.entries()) {
    const own = spans.get(nodeId) ?? [];
    const events = within.filter((entry) => entry.nodeId === nodeId && entry.taskId === null);
    // An even share of what is left, but always enough for a node on which little happens.
    const share = Math.max(24, Math.floor((MARKS - marks) / Math.min(LANES, order.length - at)));
    const lane = laneOf(nodeId, own, events, timeline, view.nodes, window, width, share);
    const takes = marksOfLane(lane);
    if (at >= LANES || marks + takes > MARKS) break;
    marks += takes;
    lanes.push(lane);
  }
  return { lanes, flags, gaps, hiddenLanes: order.length - lanes.length, marks };
}

function spansByNode(
  all: readonly Span[],
  { from, to }: Window,
  { nodeId, serviceId }: TimelineFilter,
): Map<string, Span[]> {
  const nodes = new Map<string, Span[]>();
  for (const span of all) {
    if (nodeId !== null && span.nodeId !== nodeId) continue;
    if (serviceId !== null && span.serviceId !== serviceId) continue;
    if (span.from > to || (span.to ?? to) < from) continue;
    const own = nodes.get(span.nodeId);
    if (own) own.push(span);
    else nodes.set(span.nodeId, [span]);
  }
  for (const own of nodes.values()) own.sort(byStart);
  return nodes;
}

function laneOrder(
  spans: ReadonlyMap<string, readonly Span[]>,
  { hat, nodes }: Pick<SwarmView, 'hat' | 'nodes'>,
  entries: readonly TimelineEntry[],
  { nodeId }: TimelineFilter,
): string[] {
  if (nodeId !== null) return [nodeId];
  const places = nodes.filter(({ name }) => hat.includes(name)).map(({ id }) => id);
  const eventful = new Set(entries.map((entry) => entry.nodeId));
  const troubled = new Set(entries.flatMap(({ bad, nodeId }) => (bad ? [nodeId] : [])));
  const known = new Set(nodes.map(({ id }) => id));
  const others = [
    ...nodes.flatMap(({ id, name }) => (hat.includes(name) ? [] : [id])),
    ...[...spans.keys()].filter((id) => !known.has(id)),
  ].filter((id) => spans.has(id) || eventful.has(id));
  const rank = (id: string) => Number(troubled.has(id)) + Number(eventful.has(id));
  return [...places, ...others.sort((a, b) => rank(b) - rank(a))];
}

function laneOf(
  nodeId: string,
  spans: readonly Span[],
  events: readonly TimelineEntry[],
  timeline: TimelineHistory,
  nodes: readonly NodeView[],
  window: Window,
  width: number,
  share: number,
): Swimlane {
  const { from, to } = window;
  const px = (at: number) => ((Math.min(to, Math.max(from, at)) - from) / (to - from)) * width;
  const node = nodes.find(({ id }) => id === nodeId) ?? null;
  const times = downTimes(nodeId, timeline.entries, node);
  const rows = assignRows(timeline.spans.filter((span) => span.nodeId === nodeId));
  const taken = rowsShown(spans, rows, window);
  // Rows that nothing in the window needs are closed up.
  const packed = new Map(
    spans.map(({ taskId }) => [taskId, taken.indexOf(rows.get(taskId) ?? 0)] as const),
  );
  const placed = spans.filter(({ taskId }) => (packed.get(taskId) ?? -1) >= 0);
  const lane = (merge: number): Swimlane => {
    return {
      nodeId,
      name: node?.name ?? nodeId.slice(0, 12),
      node,
      rows: Math.max(1, taken.length),
      bars: barsOf(placed, packed, window, width, merge, times),
      down: times.flatMap((time) => {
        if (time.from > to || (time.to ?? to) < from) return [];
        const x = px(time.from);
        return [{ x, width: Math.max(2, px(time.to ?? to) - x) }];
      }),
      flags: flagsOf(events, px),
      hidden: spans.length - placed.length,
    };
  };
  const fits = [4, 8, 16, 32].map(lane).find((one) => marksOfLane(one) <= share);
  if (fits) return fits;
  const { bars, hidden, ...rest } = lane(32);
  const last = bars.slice(-Math.floor(share / 4));
  return { ...rest, bars: last, hidden: hidden + bars.length - last.length };
}

/** The rows for which there is room, in their order: first those in which something ended, then those in which something began. */
function rowsShown(
  spans: readonly Span[],
  rows: ReadonlyMap<string, number>,
  { from }: Window,
): number[] {
  const weights = new Map<number, number>();
  for (const span of spans) {
    const row = rows.get(span.taskId) ?? 0;
    const weight = span.to !== null ? 2 : Number(span.from > from);
    weights.set(row, Math.max(weight, weights.get(row) ?? 0));
  }
  const weight = (row: number) => weights.get(row) ?? 0;
  return [...weights.keys()]
    .sort((a, b) => weight(b) - weight(a) || a - b)
    .slice(0, ROWS)
    .sort((a, b) => a - b);
}

function marksOfLane({ bars, down, flags }: Swimlane): number {
  return bars.reduce((sum, bar) => sum + marksOf(bar), 0) + down.length + flags.length;
}

/** When a node was not ready, as far as anybody saw. */
function downTimes(
  nodeId: string,
  entries: readonly TimelineEntry[],
  node: NodeView | null,
): { from: number; to: number | null }[] {
  const times: { from: number; to: number | null }[] = [];
  for (const { kind, at, nodeId: about } of entries) {
    if (about !== nodeId) continue;
    const last = times.at(-1);
    if (kind === 'node down' && last?.to !== null) times.push({ from: at, to: null });
    if ((kind === 'node up' || kind === 'node joined') && last?.to === null) last.to = at;
    // Back without having been seen to go: it was away from before anybody looked.
    if (kind === 'node up' && !last) times.push({ from: Number.NEGATIVE_INFINITY, to: at });
  }
  const open = times.at(-1)?.to === null;
  if (!open && node && node.state !== 'ready' && times.length === 0) {
    times.push({ from: node.stateSince, to: null });
  }
  return times;
}

function flagsOf(entries: readonly TimelineEntry[], px: (at: number) => number): Flag[] {
  const flags: Flag[] = [];
  for (const entry of entries) {
    const x = px(entry.at);
    const last = flags.at(-1);
    if (last && x - last.x < FLAG) {
      last.count++;
      if (entry.bad && !last.entry.bad) last.entry = entry;
    } else flags.push({ key: `${entry.seq}`, x, entry, count: 1 });
  }
  return flags;
}

/** The chart in a sentence, for those who do not see it. */
export function chartWords({ lanes }: Chart, from: string, to: string): string {
  const bars = lanes.flatMap((lane) => lane.bars);
  const tasks = bars.reduce((sum, { count }) => sum + count, 0);
  const failed = bars.filter(({ end }) => end === 'failed').length;
  const lost = bars.filter(({ span }) => span.end === 'lost').length;
  const parts = [
    `Which task was on which node from ${from} to ${to}:`,
    lanes.map(({ name, bars }) => `${name} ${bars.length === 0 ? 'none' : bars.length}`).join(', '),
    `· ${tasks} in all${failed > 0 ? `, ${failed} failed` : ''}${lost > 0 ? `, ${lost} of unknown fate` : ''}.`,
    'The list below says what happened and when.',
  ];
  return parts.join(' ');
}
