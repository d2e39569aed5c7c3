import { ANSWERS_SHOWN, isFailure, type Answer } from '@/lib/curl/run';

/** Answers per full row of the strip; a narrow strip breaks each row in two. */
export const ROW = 50;
/** Rows that the strip shows: the last 200 answers. */
export const ROWS = 4;
/** By how much the chart's window moves on when it is full: in steps, so that it does not crawl. */
const DOTS_STEP = 100;

/** A range of answers by their number: `first` … `first + count - 1`. */
export interface Range {
  readonly first: number;
  readonly count: number;
}

/** The number of the newest request that has an outcome: a timeout comes in after later ones. */
function newest(answers: readonly Pick<Answer, 'n'>[]): number {
  return answers.reduce((most, { n }) => Math.max(most, n), 0);
}

/**
 * Which answers the strip shows. An answer keeps its column for good: when the last row is full
 * the oldest row goes, as in a terminal, so nothing crawls sideways.
 */
export function stripRange(answers: readonly Pick<Answer, 'n'>[], planned: number): Range {
  const last = newest(answers);
  const row = Math.floor(Math.max(0, last - 1) / ROW);
  const first = Math.max(0, row - ROWS + 1) * ROW + 1;
  return { first, count: Math.max(1, Math.min(ROW * ROWS, planned - first + 1)) };
}

/** Which answers the latency chart shows: all of a run of up to 600, else the newest ones. */
export function dotsRange(answers: readonly Pick<Answer, 'n'>[], planned: number): Range {
  if (planned <= ANSWERS_SHOWN) return { first: 1, count: Math.max(1, planned) };
  const last = newest(answers);
  const steps = Math.max(0, Math.ceil((last - ANSWERS_SHOWN) / DOTS_STEP));
  return { first: steps * DOTS_STEP + 1, count: ANSWERS_SHOWN };
}

/** The latency axis' ends, in milliseconds: anything outside stands at the edge. */
const FLOOR_MS = 1;
const CEILING_MS = 3000;
/** Where the latency axis has its lines, in milliseconds. */
export const TICKS = [1, 10, 100, 1000] as const;

/** Where a latency stands on the logarithmic axis: 0 at the top, 1 at the bottom. */
export function latencyPlace(ms: number): number {
  const clamped = Math.min(CEILING_MS, Math.max(FLOOR_MS, ms));
  return 1 - Math.log(clamped / FLOOR_MS) / Math.log(CEILING_MS / FLOOR_MS);
}

/** Outlines of a mark around 0,0, about 5 px across: a slot is told by shape as well as colour. */
const SHAPES = [
  'm-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0',
  'm-2.2-2.2h4.4v4.4h-4.4z',
  'm0-3l2.8 5h-5.6z',
  'm0-3.1l3.1 3.1l-3.1 3.1l-3.1-3.1z',
  'm0 3l2.8-5h-5.6z',
  'm-1-3h2v2h2v2h-2v2h-2v-2h-2v-2h2z',
] as const;
/** What an error is drawn as: a cross of strokes, not of any slot's colour. */
export const CROSS = 'm-2.6-2.6l5.2 5.2m-5.2 0l5.2-5.2';

/** The outline of a slot's marks. */
export function slotShape(slot: number | null): string {
  return SHAPES[((slot ?? 1) - 1) % SHAPES.length] ?? SHAPES[0];
}

/** Class of a shape in a slot's colour: outlined in light mode, where yellow alone cannot be seen. */
export const SLOT = 'stroke-slot-edge stroke-[0.7]';

/** All marks of one slot, or of all errors, as one SVG path: 600 marks cost a handful of elements. */
export interface MarkPath {
  /** Null for the errors' crosses. */
  readonly slot: number | null;
  readonly error: boolean;
  readonly d: string;
}

/** The chart's marks as paths, one per slot, drawn into `width` × `height` pixels. */
export function markPaths(
  answers: readonly Answer[],
  slotOf: (taskId: string | null) => number | null,
  range: Range,
  width: number,
  height: number,
): MarkPath[] {
  const paths = new Map<string, { slot: number | null; error: boolean; d: string[] }>();
  for (const { n, ms, taskId, error } of answers) {
    if (n < range.first || n >= range.first + range.count) continue;
    const failed = isFailure(error);
    const slot = failed ? null : slotOf(taskId);
    const key = failed ? 'error' : String(slot);
    let path = paths.get(key);
    if (!path) paths.set(key, (path = { slot, error: failed, d: [] }));
    const x = ((n - range.first + 0.5) / range.count) * width;
    const y = latencyPlace(ms) * height;
    path.d.push(`M${x.toFixed(1)} ${y.toFixed(1)}${failed ? CROSS : slotShape(slot)}`);
  }
  return [...paths.values()].map(({ slot, error, d }) => ({ slot, error, d: d.join('') }));
}
