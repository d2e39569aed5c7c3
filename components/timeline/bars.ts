import type { Span } from '@/lib/swarm/timeline-schemas';
import type { Window } from './window';

/** One task's time on a node as it is drawn; or several that would lie on each other. */
export interface TaskBar {
  key: string;
  /** The span; of several the last one. */
  span: Span;
  /** How many spans it stands for. */
  count: number;
  row: number;
  x: number;
  width: number;
  /** Where nobody knows whether it ran, its node being lost (px). */
  lost: { x: number; width: number }[];
  /** How it ended, where that lies within the window. */
  end: 'failed' | 'stopped' | null;
  /** There is room for the slot's letter. */
  letter: boolean;
}

/** Narrower than this (px) no letter fits. */
const LETTER = 13;
/** Every bar can be seen. */
const LEAST = 2.5;

/**
 * Each span a row: that of the last task of the same slot where it is free, else the first free
 * one. By time and not by pixels, so that rows stay when the window zooms.
 */
export function assignRows(spans: readonly Span[]): Map<string, number> {
  const rows: { slot: string; until: number }[] = [];
  const byTask = new Map<string, number>();
  for (const span of [...spans].sort(byStart)) {
    const slot = slotKey(span);
    const until = span.to ?? Number.POSITIVE_INFINITY;
    const free = rows.flatMap((row, at) => (row.until <= span.from ? [{ ...row, at }] : []));
    const row = (free.find((one) => one.slot === slot) ?? free[0])?.at ?? rows.length;
    rows[row] = { slot, until };
    byTask.set(span.taskId, row);
  }
  return byTask;
}

/** Oldest first; of those first seen together by slot, so that a row stays where it is when a task ends. */
export function byStart(a: Span, b: Span): number {
  return a.from - b.from || (a.slot ?? 0) - (b.slot ?? 0) || (a.taskId < b.taskId ? -1 : 1);
}

function slotKey({ serviceId, slot }: Span): string {
  return `${serviceId}/${slot ?? ''}`;
}

/**
 * The bars of a node's spans in a window of `width` px, by row and time. Spans of one slot that
 * are narrower than `merge` px and lie close are one bar: a slot that fails every second is one
 * mark with a count and not sixty on each other. `away`: when the node was lost, oldest first.
 */
export function barsOf(
  spans: readonly Span[],
  rows: ReadonlyMap<string, number>,
  { from, to }: Window,
  width: number,
  merge: number,
  away: readonly { from: number; to: number | null }[],
): TaskBar[] {
  const scale = width / (to - from);
  const px = (at: number) => (Math.min(to, Math.max(from, at)) - from) * scale;
  const bars: TaskBar[] = [];
  const last = new Map<string, TaskBar>();
  for (const span of spans) {
    if (span.from > to || (span.to ?? to) < from) continue;
    const x = px(span.from);
    const wide = Math.max(LEAST, px(span.to ?? to) - x);
    const row = rows.get(span.taskId) ?? 0;
    const key = `${row} ${slotKey(span)}`;
    const end =
      span.to !== null && span.to <= to && (span.end === 'failed' || span.end === 'stopped')
        ? span.end
        : null;
    const before = last.get(key);
    const close = before && x - (before.x + before.width) < merge;
    if (close && wide < merge && before.width < merge * (before.count + 1)) {
      before.width = Math.max(before.width, x + wide - before.x);
      before.count++;
      before.span = span;
      before.end = end === 'failed' || before.end === 'failed' ? 'failed' : end;
      before.letter = before.width >= LETTER;
      continue;
    }
    const until = span.to ?? to;
    const lost = away.flatMap((time) => {
      const begin = Math.max(span.from, time.from, from);
      const stop = Math.min(until, time.to ?? to, to);
      return stop > begin ? [{ x: px(begin), width: px(stop) - px(begin) }] : [];
    });
    // Lost when nobody saw its node go: then all of it is in doubt.
    if (span.end === 'lost' && lost.length === 0) lost.push({ x, width: wide });
    const bar: TaskBar = {
      key: span.taskId,
      span,
      count: 1,
      row,
      x,
      width: wide,
      lost,
      end,
      letter: wide >= LETTER,
    };
    bars.push(bar);
    last.set(key, bar);
  }
  return bars;
}

/** How many marks drawing a bar takes. */
export function marksOf({ letter, end, lost }: TaskBar): number {
  return 1 + Number(letter) + Number(end !== null) + lost.length;
}
