import { ANSWERS_SHOWN, isFailure, type Answer } from '@/lib/curl/run';

/** Answers per row of the strip; a narrow strip breaks each row in two. */
export const ROW = 50;
/** Rows of the strip: the last 200 answers. */
export const ROWS = 4;
/** The latency chart scrolls in steps of this many answers. */
const SCROLL_STEP = 100;

/** Answers by number: `first` … `first + count - 1`. */
export interface AnswerRange {
  readonly first: number;
  readonly count: number;
}

/** The highest number of a request with an outcome. Not the last one: a timeout arrives after later answers. */
function newest(answers: readonly Pick<Answer, 'n'>[]): number {
  return answers.reduce((most, { n }) => Math.max(most, n), 0);
}

/** Returns the answers that the strip shows. It scrolls by rows, so that an answer keeps its column. */
export function stripRange(answers: readonly Pick<Answer, 'n'>[], planned: number): AnswerRange {
  const last = newest(answers);
  const row = Math.floor(Math.max(0, last - 1) / ROW);
  const first = Math.max(0, row - ROWS + 1) * ROW + 1;
  return { first, count: Math.max(1, Math.min(ROW * ROWS, planned - first + 1)) };
}

/** Returns the answers that the latency chart shows: all of a run of up to 600, otherwise the newest. */
export function latencyRange(answers: readonly Pick<Answer, 'n'>[], planned: number): AnswerRange {
  if (planned <= ANSWERS_SHOWN) return { first: 1, count: Math.max(1, planned) };
  const last = newest(answers);
  const steps = Math.max(0, Math.ceil((last - ANSWERS_SHOWN) / SCROLL_STEP));
  return { first: steps * SCROLL_STEP + 1, count: ANSWERS_SHOWN };
}

/** Ends of the latency axis in ms; values outside are drawn at the edge. */
const FLOOR_MS = 1;
const CEILING_MS = 3000;
/** Grid lines of the latency axis, in ms. */
export const TICKS = [1, 10, 100, 1000] as const;

/** Position of a latency on the logarithmic axis: 0 at the top, 1 at the bottom. */
export function latencyPlace(ms: number): number {
  const clamped = Math.min(CEILING_MS, Math.max(FLOOR_MS, ms));
  return 1 - Math.log(clamped / FLOOR_MS) / Math.log(CEILING_MS / FLOOR_MS);
}

/** Shapes around 0,0, about 5 px across: slots differ in shape as well as colour. */
const SHAPES = [
  'm-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0',
  'm-2.2-2.2h4.4v4.4h-4.4z',
  'm0-3l2.8 5h-5.6z',
  'm0-3.1l3.1 3.1l-3.1 3.1l-3.1-3.1z',
  'm0 3l2.8-5h-5.6z',
  'm-1-3h2v2h2v2h-2v2h-2v-2h-2v-2h2z',
] as const;
/** The shape of an error: stroked, not filled. */
const CROSS = 'm-2.6-2.6l5.2 5.2m-5.2 0l5.2-5.2';

/** The shape of a slot's answers. */
export function slotShape(slot: number | null): string {
  return SHAPES[((slot ?? 1) - 1) % SHAPES.length] ?? SHAPES[0];
}

/** Class of a shape in a slot's colour: outlined in light mode, where yellow alone cannot be seen. */
export const SLOT = 'stroke-slot-edge stroke-[0.7]';

/** All answers of one slot, or all errors, as one SVG path: a few elements instead of 600. */
export interface AnswerPath {
  /** Null for errors. */
  readonly slot: number | null;
  readonly error: boolean;
  readonly d: string;
}

/** Returns the latency chart's answers as paths, one per slot, for `width` × `height` pixels. */
export function answerPaths(
  answers: readonly Answer[],
  slotOf: (taskId: string | null) => number | null,
  range: AnswerRange,
  width: number,
  height: number,
): AnswerPath[] {
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
