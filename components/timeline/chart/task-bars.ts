import type { Span } from '@/lib/swarm/timeline-schemas';
import type { TimeScale } from '../time-window';
import type { DownTime } from './down-times';

/** A task's time on a node as it is drawn; or several tasks of a slot that would overlap. */
export interface TaskBar {
  key: string;
  /** The span; of several, the last one. */
  span: Span;
  /** Number of merged spans. */
  count: number;
  row: number;
  x: number;
  width: number;
  /** Where the task's state is unknown because its node was down (px). */
  lost: { x: number; width: number }[];
  /** How the task ended, if that is in the window. */
  end: 'failed' | 'stopped' | 'completed' | null;
  /** Whether the slot's letter fits. */
  letter: boolean;
}

/** Minimum width for a letter (px). */
const LETTER_WIDTH = 13;
/** Minimum width of a visible bar (px). */
const MIN_WIDTH = 2.5;

/**
 * Assigns a row to each span by task id: the row that its slot used last if that is free, else the
 * first free one. Computed from times and not from pixels, so that rows stay when the window zooms.
 */
export function assignRows(spans: readonly Span[]): Map<string, number> {
  const rows: { slot: string; until: number }[] = [];
  const rowOf = new Map<string, number>();
  for (const span of [...spans].sort(byStart)) {
    const slot = slotKey(span);
    const until = span.to ?? Number.POSITIVE_INFINITY;
    const free = rows.flatMap((row, at) => (row.until <= span.from ? [{ ...row, at }] : []));
    const row = (free.find((one) => one.slot === slot) ?? free[0])?.at ?? rows.length;
    rows[row] = { slot, until };
    rowOf.set(span.taskId, row);
  }
  return rowOf;
}

/** Oldest first; of the same age by slot, so that a task's end does not move the rows of others. */
export function byStart(a: Span, b: Span): number {
  return a.from - b.from || (a.slot ?? 0) - (b.slot ?? 0) || (a.taskId < b.taskId ? -1 : 1);
}

function slotKey({ serviceId, slot }: Span): string {
  return `${serviceId}/${slot ?? ''}`;
}

/**
 * The bars of a node's spans (oldest first). Spans of one slot that are narrower than
 * `mergeDistance` px and closer than that to each other become one bar: a slot that fails every
 * second is one mark with a count and not sixty overlapping ones.
 */
export function taskBars(
  spans: readonly Span[],
  rowOf: ReadonlyMap<string, number>,
  scale: TimeScale,
  mergeDistance: number,
  downTimes: readonly DownTime[],
): TaskBar[] {
  const { from, to } = scale;
  const bars: TaskBar[] = [];
  const lastOfSlot = new Map<string, TaskBar>();
  for (const span of spans) {
    if (span.from > to || (span.to ?? to) < from) continue;
    const bar = taskBar(span, rowOf.get(span.taskId) ?? 0, scale, downTimes);
    const key = `${bar.row} ${slotKey(span)}`;
    const previous = lastOfSlot.get(key);
    if (previous && canMerge(previous, bar, mergeDistance)) {
      mergeInto(previous, bar);
    } else {
      bars.push(bar);
      lastOfSlot.set(key, bar);
    }
  }
  return bars;
}

function taskBar(
  span: Span,
  row: number,
  { from, to, toX }: TimeScale,
  downTimes: readonly DownTime[],
): TaskBar {
  const x = toX(span.from);
  const width = Math.max(MIN_WIDTH, toX(span.to ?? to) - x);
  const ended = span.to !== null && span.to <= to;
  const end = ended ? endMark(span.end) : null;
  const lost = downTimes.flatMap((time) => {
    const start = Math.max(span.from, time.from, from);
    const stop = Math.min(span.to ?? to, time.to ?? to, to);
    return stop > start ? [{ x: toX(start), width: toX(stop) - toX(start) }] : [];
  });
  // The record does not hold when the node went down, so the state is unknown for the whole span.
  if (span.end === 'lost' && lost.length === 0) lost.push({ x, width });
  const letter = width >= LETTER_WIDTH;
  return { key: span.taskId, span, count: span.count ?? 1, row, x, width, lost, end, letter };
}

function endMark(end: Span['end']): TaskBar['end'] {
  return end === 'failed' || end === 'stopped' || end === 'completed' ? end : null;
}

function canMerge(previous: TaskBar, bar: TaskBar, distance: number): boolean {
  return (
    bar.x - (previous.x + previous.width) < distance &&
    bar.width < distance &&
    previous.width < distance * (previous.count + 1)
  );
}

function mergeInto(previous: TaskBar, { span, x, width, end, count }: TaskBar): void {
  previous.width = Math.max(previous.width, x + width - previous.x);
  previous.count += count;
  previous.span = span;
  previous.end = end === 'failed' || previous.end === 'failed' ? 'failed' : end;
  previous.letter = previous.width >= LETTER_WIDTH;
}

/** Number of SVG marks that a bar needs. */
export function markCount({ letter, end, lost }: TaskBar): number {
  return 1 + Number(letter) + Number(end !== null) + lost.length;
}
