import { planWords } from './plan';
import type { Run } from './run';

/** One line of the comparison. */
export interface Comparison {
  readonly name: string;
  readonly unit: 'ms' | 'requests' | 'share' | 'text';
  readonly a: number | string | null;
  readonly b: number | string | null;
  /** b − a; null for text, or when either is missing. */
  readonly change: number | null;
  /** Whether b is better than a; null when equal or not comparable. */
  readonly verdict: 'better' | 'worse' | null;
}

type Line = readonly [
  name: string,
  unit: Comparison['unit'],
  value: (run: Run) => number | string | null,
  /** Lower values are better; without it there is no judgement. */
  lessIsBetter?: boolean,
];

const SETTINGS: readonly Line[] = [
  ['service', 'text', ({ request }) => portOf(request)],
  ['entry node', 'text', ({ request }) => request.entryNode],
  ['path', 'text', ({ request }) => request.path],
  ['method', 'text', ({ request }) => request.method],
  ['plan', 'text', ({ request }) => planWords(request)],
  ['in flight', 'requests', ({ request }) => request.inFlight],
  ['timeout', 'ms', ({ request }) => request.timeout * 1000],
  ['connection', 'text', ({ request }) => (request.connection === 'new' ? 'new' : 'keep alive')],
];

/** `goweb:8888`, or `goweb:8080/host` where the engine chose the ports for 8080. */
function portOf({ service, publishedPort, targetPort }: Run['request']): string {
  return `${service}:${publishedPort || `${targetPort}/host`}`;
}

const OUTCOMES: readonly Line[] = [
  ['verdict', 'text', (run) => run.verdict],
  ['sent', 'requests', (run) => run.sent],
  ['answered', 'requests', (run) => run.answered],
  // As shares, because the runs may have sent different numbers.
  ['failed', 'share', (run) => of(run.failed, run.sent), true],
  ['skipped', 'share', (run) => of(run.skipped, run.sent + run.skipped), true],
  ['cut off at the end', 'requests', (run) => run.aborted],
  ['connections', 'requests', (run) => run.connections],
  ['sent again', 'requests', (run) => run.resent, true],
  ['tasks that answered', 'requests', (run) => run.shares.filter((s) => s.answers > 0).length],
  ['spread', 'requests', (run) => run.spread, true],
  ['repeats', 'share', (run) => run.repeats],
  ['p50', 'ms', (run) => run.p50, true],
  ['p95', 'ms', (run) => run.p95, true],
  ['p99', 'ms', (run) => run.p99, true],
];

/** Compares run `b` with run `a`: first the settings that differ, then every outcome. */
export function compareRuns(a: Run, b: Run): Comparison[] {
  const settings = SETTINGS.map((line) => compare(line, a, b)).filter((row) => row.a !== row.b);
  return [...settings, ...OUTCOMES.map((line) => compare(line, a, b))];
}

function compare([name, unit, value, lessIsBetter]: Line, a: Run, b: Run): Comparison {
  const [left, right] = [value(a), value(b)];
  const change = typeof left === 'number' && typeof right === 'number' ? right - left : null;
  const verdict = !lessIsBetter || !change ? null : change < 0 ? 'better' : 'worse';
  return { name, unit, a: left, b: right, change, verdict };
}

function of(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
