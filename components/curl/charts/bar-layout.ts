import { type Mark, type Run, type Second, SECONDS_SHOWN } from '@/lib/curl/run';
import { groupBy } from '@/lib/swarm/group-by';
import { naturalOrder } from '@/lib/swarm/natural';
import type { AnswerRange } from './plot';
import { seatOf } from './share-rows';

/** Minimum columns: a burst takes a second or two, and a single wide bar shows nothing. */
const MIN_COLUMNS = 10;
/** Maximum rows of tasks; those of further slots are in the stacked bars only. */
export const MAX_LANES = 12;

/** One row of the chart: a task, unknown containers, failed or skipped requests. */
export interface AnswerLane {
  readonly key: string;
  readonly kind: 'task' | 'unknown' | 'failed' | 'skipped';
  readonly name: string;
  readonly slot: number | null;
  /** See {@link seatOf}; for other kinds their name. */
  readonly seat: string;
  /** The task no longer runs. */
  readonly gone: boolean;
  /** Answers per second, for the seconds that have passed. */
  readonly counts: readonly number[];
}

/** Seconds `first` … `first + count - 1`; those from `first + past` on are in the future. */
export interface SecondsRange {
  readonly first: number;
  readonly count: number;
  readonly past: number;
}

/** Returns the seconds to show: all of a run of up to a minute, otherwise the last 60. */
export function secondsRange(
  seconds: readonly Second[],
  { mode, seconds: planned }: Pick<Run['request'], 'mode' | 'seconds'>,
): SecondsRange {
  const last = seconds.at(-1)?.second ?? 0;
  const wanted = Math.max(MIN_COLUMNS, mode === 'steady' ? planned : 0, last + 1);
  const count = Math.min(SECONDS_SHOWN, wanted);
  const first = Math.max(0, last - count + 1);
  return { first, count, past: seconds.length === 0 ? 0 : last - first + 1 };
}

const OTHER_KINDS = ['unknown', 'failed', 'skipped'] as const;
/** Unknown containers last: they are rare, and their row must not move the others. */
const OTHER_ROWS = ['failed', 'skipped', 'unknown'] as const;
const COUNT_OF = {
  unknown: ({ answers }: Second) => answers[''] ?? 0,
  failed: ({ failed }: Second) => failed,
  skipped: ({ skipped }: Second) => skipped,
};

/**
 * Returns one lane per task that runs, or that answered within these seconds. A seat without such a task has a lane of its
 * last one, so that no row is removed during a run. Then unknown containers, failures and skipped ticks, where there are
 * any.
 */
export function lanesOf(
  seconds: readonly Second[],
  shares: Run['shares'],
  { first, past }: SecondsRange,
): AnswerLane[] {
  const bySecond = new Map(seconds.map((one) => [one.second, one]));
  const row = (read: (second: Second) => number) =>
    Array.from({ length: past }, (_, at) => {
      const second = bySecond.get(first + at);
      return second ? read(second) : 0;
    });
  const some = (lane: AnswerLane) => lane.counts.some((count) => count > 0);
  const tasks = shares.flatMap((share): AnswerLane[] => {
    const { taskId, name, slot, running } = share;
    if (taskId === null) return [];
    const counts = row(({ answers }) => answers[taskId] ?? 0);
    return [{ key: taskId, kind: 'task', name, slot, seat: seatOf(share), gone: !running, counts }];
  });
  const shown = tasks.filter((lane) => !lane.gone || some(lane));
  const seats = new Set(shown.map(({ seat }) => seat));
  const lastOfSeat = new Map(tasks.map((lane) => [lane.seat, lane]));
  for (const [seat, lane] of lastOfSeat) if (!seats.has(seat)) shown.push(lane);
  const others = OTHER_KINDS.map((kind) => otherLane(kind, row(COUNT_OF[kind])));
  // A seat's tasks are adjacent: its colour keeps its place when a task is replaced.
  shown.sort((a, b) => naturalOrder(a.seat, b.seat));
  return [...shown, ...others.filter(some)];
}

function otherLane(kind: (typeof OTHER_KINDS)[number], counts: number[]): AnswerLane {
  return { key: kind, kind, name: kind, slot: null, seat: kind, gone: false, counts };
}

/** A row below the stacked bars: a slot's tasks, one after the other, or one of the other lanes. */
export interface BarRow {
  readonly key: string;
  /** The lane that names it. */
  readonly label: AnswerLane;
  readonly lanes: readonly AnswerLane[];
}

/**
 * Returns the rows of the lanes. A slot keeps its row when its task is replaced, and failures and skipped requests have one
 * from the start, so that no row is added while tasks fail. `space` is the number of rows to leave room for: one for
 * unknown containers, which may come and go.
 */
export function rowsOf(
  lanes: readonly AnswerLane[],
  { past }: Pick<SecondsRange, 'past'>,
): { rows: BarRow[]; space: number; hasAll: boolean } {
  const bySlot = groupBy(
    lanes.filter(({ kind }) => kind === 'task'),
    ({ seat }) => seat,
  );
  const tasks = [...bySlot].flatMap(([key, of]): BarRow[] => {
    const label = of.find(({ gone }) => !gone) ?? of.at(-1);
    return label ? [{ key, label, lanes: of }] : [];
  });
  const others = OTHER_ROWS.flatMap((kind): BarRow[] => {
    const lane = lanes.find((one) => one.kind === kind);
    if (!lane && kind === 'unknown') return [];
    const label =
      lane ??
      otherLane(
        kind,
        Array.from({ length: past }, () => 0),
      );
    return [{ key: kind, label, lanes: [label] }];
  });
  const shown = tasks.slice(0, MAX_LANES);
  return {
    rows: [...shown, ...others],
    space: shown.length + OTHER_ROWS.length,
    hasAll: shown.length === tasks.length,
  };
}

/** Returns the maximum of all seconds: the scale of the stacked bars. */
export function maxPerSecond(lanes: readonly AnswerLane[], { past }: SecondsRange): number {
  let most = 1;
  for (let at = 0; at < past; at++) {
    most = Math.max(
      most,
      lanes.reduce((sum, { counts }) => sum + (counts[at] ?? 0), 0),
    );
  }
  return most;
}

/** Distance between two bars, in px. */
const GAP = 1.5;

/** Returns the stacked bars as one SVG path per lane, the first lane at the bottom. */
export function stackedPaths(
  lanes: readonly AnswerLane[],
  { count, past }: SecondsRange,
  width: number,
  height: number,
): string[] {
  const column = width / count;
  const unit = height / maxPerSecond(lanes, { first: 0, count, past });
  const heights = Array.from({ length: past }, () => 0);
  return lanes.map(({ counts }) => {
    let path = '';
    for (let at = 0; at < past; at++) {
      const value = counts[at] ?? 0;
      if (value === 0) continue;
      const below = heights[at] ?? 0;
      heights[at] = below + value;
      path += bar(at * column, height - (below + value) * unit, column - GAP, value * unit);
    }
    return path;
  });
}

/** Returns one lane's bars, `most` at full height. A second without answers is a thin line at the bottom. */
export function lanePaths(
  { counts }: AnswerLane,
  { count, past }: SecondsRange,
  most: number,
  width: number,
  height: number,
): { bars: string; zeros: string } {
  const column = width / count;
  let [bars, zeros] = ['', ''];
  for (let at = 0; at < past; at++) {
    const value = counts[at] ?? 0;
    const tall = value === 0 ? 1 : Math.max(2.5, (value / most) * height);
    const drawn = bar(at * column, height - tall, column - GAP, tall);
    if (value === 0) zeros += drawn;
    else bars += drawn;
  }
  return { bars, zeros };
}

function bar(x: number, y: number, width: number, height: number): string {
  const wide = Math.max(1, width);
  return `M${x.toFixed(1)} ${y.toFixed(1)}h${wide.toFixed(1)}v${height.toFixed(1)}h${(-wide).toFixed(1)}z`;
}

/** A mark within a chart: its number in the list of changes, from 1, and its position, 0 … 1. */
export interface PlacedMark {
  readonly number: number;
  readonly place: number;
  readonly text: string;
}

/** Returns the marks within these seconds. */
export function marksByTime(marks: readonly Mark[], { first, count }: SecondsRange): PlacedMark[] {
  return marks.flatMap(({ at, text }, index) => {
    const place = (at / 1000 - first) / count;
    return place >= 0 && place <= 1 ? [{ number: index + 1, place, text }] : [];
  });
}

/** Returns the marks within these requests; each follows the last request that was sent before it. */
export function marksByRequest(
  marks: readonly Mark[],
  { first, count }: AnswerRange,
): PlacedMark[] {
  return marks.flatMap(({ n, text }, index) => {
    const place = (n - first + 1) / count;
    return place >= 0 && place <= 1 ? [{ number: index + 1, place, text }] : [];
  });
}
