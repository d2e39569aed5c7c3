import { type Mark, type Run, type Second, SECONDS_SHOWN } from '@/lib/curl/run';

/** The stacked bars' geometry: who answered in each of the last 60 seconds. */

/** The fewest columns: a burst is over in a second or two, and one fat bar says nothing. */
const LEAST_COLUMNS = 10;
/** Rows of their own for so many tasks at most; beyond, the bars above them tell all together. */
export const MOST_LANES = 12;

/** One row of the chart: a task, unknown containers (`''`), failures or skipped slots. */
export interface AnswerLane {
  readonly key: string;
  readonly kind: 'task' | 'unknown' | 'failed' | 'skipped';
  readonly name: string;
  readonly slot: number | null;
  /** The task does not run any more. */
  readonly gone: boolean;
  /** Its answers second by second: one number for each column that has passed. */
  readonly counts: readonly number[];
}

/** The columns: seconds `first` … `first + count - 1`; those from `first + past` on are to come. */
export interface Columns {
  readonly first: number;
  readonly count: number;
  readonly past: number;
}

/** Which seconds are shown: a run of up to a minute has its place from the start. */
export function columnsOf(
  seconds: readonly Second[],
  { mode, seconds: planned }: Pick<Run['request'], 'mode' | 'seconds'>,
): Columns {
  const last = seconds.at(-1)?.second ?? 0;
  const wanted = Math.max(LEAST_COLUMNS, mode === 'steady' ? planned : 0, last + 1);
  const count = Math.min(SECONDS_SHOWN, wanted);
  const first = Math.max(0, last - count + 1);
  return { first, count, past: seconds.length === 0 ? 0 : last - first + 1 };
}

/**
 * One row per running task, those with nothing too, or a dead one would disappear; with them the
 * tasks that are gone but answered within these seconds; then unknown containers, failures and
 * skipped slots.
 */
export function lanesOf(
  seconds: readonly Second[],
  shares: Run['shares'],
  { first, past }: Columns,
): AnswerLane[] {
  const bySecond = new Map(seconds.map((one) => [one.second, one]));
  const row = (read: (second: Second) => number) =>
    Array.from({ length: past }, (_, at) => {
      const second = bySecond.get(first + at);
      return second ? read(second) : 0;
    });
  const some = (lane: AnswerLane) => lane.counts.some((count) => count > 0);
  const tasks = shares.flatMap(({ taskId, name, slot, running }): AnswerLane[] => {
    if (taskId === null) return [];
    const lane = {
      key: taskId,
      kind: 'task' as const,
      name,
      slot,
      gone: !running,
      counts: row(({ answers }) => answers[taskId] ?? 0),
    };
    return running || some(lane) ? [lane] : [];
  });
  const others: AnswerLane[] = [
    {
      key: '',
      kind: 'unknown',
      name: 'unknown',
      slot: null,
      gone: false,
      counts: row(({ answers }) => answers[''] ?? 0),
    },
    {
      key: 'failed',
      kind: 'failed',
      name: 'failed',
      slot: null,
      gone: false,
      counts: row(({ failed }) => failed),
    },
    {
      key: 'skipped',
      kind: 'skipped',
      name: 'skipped',
      slot: null,
      gone: false,
      counts: row(({ skipped }) => skipped),
    },
  ];
  // A slot's tasks next to each other: its colour keeps its place when one replaces the other.
  tasks.sort((a, b) => (a.slot ?? Infinity) - (b.slot ?? Infinity));
  return [...tasks, ...others.filter(some)];
}

/** The most that one second has: what a bar of full height stands for. */
export function fullHeight(lanes: readonly AnswerLane[], { past }: Columns): number {
  let most = 1;
  for (let at = 0; at < past; at++) {
    most = Math.max(
      most,
      lanes.reduce((sum, { counts }) => sum + (counts[at] ?? 0), 0),
    );
  }
  return most;
}

/** Room between two bars, in px. */
const GAP = 1.5;

/** All bars of each lane, stacked in the lanes' order from the bottom, as one SVG path per lane. */
export function stackedPaths(
  lanes: readonly AnswerLane[],
  { count, past }: Columns,
  width: number,
  height: number,
): string[] {
  const column = width / count;
  const unit = height / fullHeight(lanes, { first: 0, count, past });
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

/** One lane's own bars, `most` at full height; a second with none leaves a thin line at the bottom. */
export function lanePaths(
  { counts }: AnswerLane,
  { count, past }: Columns,
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

/** A mark within a chart: its number in the list below, from 1, and where it stands, 0 … 1. */
export interface PlacedMark {
  readonly number: number;
  readonly place: number;
  readonly text: string;
}

/** The marks that fall within these seconds. */
export function marksInTime(marks: readonly Mark[], { first, count }: Columns): PlacedMark[] {
  return marks.flatMap(({ at, text }, index) => {
    const place = (at / 1000 - first) / count;
    return place >= 0 && place <= 1 ? [{ number: index + 1, place, text }] : [];
  });
}

/** The marks that fall within these requests: a mark stands after the last one that had been sent. */
export function marksInOrder(
  marks: readonly Mark[],
  { first, count }: { readonly first: number; readonly count: number },
): PlacedMark[] {
  return marks.flatMap(({ n, text }, index) => {
    const place = (n - first + 1) / count;
    return place >= 0 && place <= 1 ? [{ number: index + 1, place, text }] : [];
  });
}
