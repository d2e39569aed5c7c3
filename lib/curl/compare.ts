import * as z from 'zod/mini';
import { planWords } from './plan';
import type { Run } from './run';
import { countsDiffer, partsDiffer, percentilesDiffer, type Evidence } from './significance';

/** One line of the comparison. */
export const comparisonLineSchema = z.object({
  name: z.string(),
  unit: z.enum(['ms', 'requests', 'share', 'text']),
  /** The values of the earlier and the later run. */
  a: z.nullable(z.union([z.number(), z.string()])),
  b: z.nullable(z.union([z.number(), z.string()])),
  /** b − a; null for text, or when either is missing. */
  change: z.nullable(z.number()),
  /** Whether the difference is more than noise (lib/curl/significance.ts); null when equal or not comparable. */
  evidence: z.nullable(z.enum(['real', 'noise', 'too few'])),
  /** Whether b is better than a; null unless the difference is real. */
  verdict: z.nullable(z.enum(['better', 'worse'])),
});
export type ComparisonLine = z.infer<typeof comparisonLineSchema>;

/** A replica's share of the answers in both runs. Matched by name, so a slot's tasks are one. */
export const sharePairSchema = z.object({
  name: z.string(),
  slot: z.nullable(z.int()),
  /** 0 … 1; null if the run did not have the replica. */
  before: z.nullable(z.number()),
  after: z.nullable(z.number()),
  /** As a line's. */
  evidence: comparisonLineSchema.shape.evidence,
});
export type SharePair = z.infer<typeof sharePairSchema>;

/** `GET /api/runs/{id}/comparison?with={other}`: the run `id` compared with the run `other`. */
export const comparisonSchema = z.object({
  lines: z.array(comparisonLineSchema),
  shares: z.array(sharePairSchema),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** A run with the latencies of its answers, ascending. */
export interface MeasuredRun {
  readonly run: Run;
  readonly latencies: readonly number[];
}

type Line = readonly [
  name: string,
  unit: ComparisonLine['unit'],
  value: (run: Run) => number | string | null,
  /** Tests a difference. Lower values are better; without a test there is no judgement. */
  test?: (a: MeasuredRun, b: MeasuredRun) => Evidence | null,
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
  ['image', 'text', ({ versions }) => imagesOf(versions)],
  ['rollout', 'text', ({ rollouts }) => rollouts.map(({ state }) => state).join(', ') || 'none'],
  [
    'failed during rollouts',
    'requests',
    ({ rollouts }) => rollouts.reduce((sum, { lost }) => sum + lost, 0),
  ],
];

/** The images that answered, in order: `carmeloc/goweb:1.0, carmeloc/goweb:1.1`; null in a run without versions. */
function imagesOf(versions: Run['versions']): string | null {
  const answered = versions.filter(({ answers }) => answers > 0);
  return [...new Set(answered.map(({ image }) => image))].join(', ') || null;
}

/** `goweb:8888`, or `goweb:8080/host` where the engine chose the ports for 8080. */
function portOf({ service, publishedPort, targetPort }: Run['request']): string {
  return `${service}:${publishedPort || `${targetPort}/host`}`;
}

const failed = ({ run: { failed, sent } }: MeasuredRun) => ({ count: failed, of: sent });
const skipped = ({ run: { skipped, sent } }: MeasuredRun) => ({
  count: skipped,
  of: sent + skipped,
});
const resent = ({ run: { resent, sent } }: MeasuredRun) => ({ count: resent, of: sent });
const latency = (p: number) => (a: MeasuredRun, b: MeasuredRun) =>
  percentilesDiffer(a.latencies, b.latencies, p);

const OUTCOMES: readonly Line[] = [
  ['verdict', 'text', (run) => run.verdict],
  ['sent', 'requests', (run) => run.sent],
  ['answered', 'requests', (run) => run.answered],
  // As shares, because the runs may have sent different numbers.
  [
    'failed',
    'share',
    (run) => of(run.failed, run.sent),
    (a, b) => partsDiffer(failed(a), failed(b)),
  ],
  [
    'skipped',
    'share',
    (run) => of(run.skipped, run.sent + run.skipped),
    (a, b) => partsDiffer(skipped(a), skipped(b)),
  ],
  ['cut off at the end', 'requests', (run) => run.aborted],
  ['connections', 'requests', (run) => run.connections],
  [
    'sent again',
    'share',
    (run) => of(run.resent, run.sent),
    (a, b) => partsDiffer(resent(a), resent(b)),
  ],
  ['tasks that answered', 'requests', (run) => run.shares.filter((s) => s.answers > 0).length],
  ['spread', 'requests', (run) => run.spread, spreadsDiffer],
  ['repeats', 'share', (run) => run.repeats],
  ['p50', 'ms', (run) => run.p50, latency(50)],
  ['p95', 'ms', (run) => run.p95, latency(95)],
  ['p99', 'ms', (run) => run.p99, latency(99)],
];

/** Compares run `b` with run `a`: first the settings and versions that differ, then every outcome, then the shares. */
export function compareRuns(a: MeasuredRun, b: MeasuredRun): Comparison {
  const settings = SETTINGS.map((line) => compare(line, a, b)).filter((row) => row.a !== row.b);
  return {
    lines: [...settings, ...OUTCOMES.map((line) => compare(line, a, b))],
    shares: compareShares(a.run, b.run),
  };
}

function compare(
  [name, unit, value, test]: Line,
  before: MeasuredRun,
  after: MeasuredRun,
): ComparisonLine {
  const [a, b] = [value(before.run), value(after.run)];
  // Without the rounding errors of binary fractions.
  const change =
    typeof a === 'number' && typeof b === 'number' ? Math.round((b - a) * 1e6) / 1e6 : null;
  const evidence = (change && test?.(before, after)) || null;
  const verdict = evidence === 'real' && change ? (change < 0 ? 'better' : 'worse') : null;
  return { name, unit, a, b, change, evidence, verdict };
}

/**
 * A spread is judged by the distribution behind it, as it grows with the number of answers: null where the spread and
 * its part of the answers changed in opposite directions. Runs of different replicas are not comparable.
 */
function spreadsDiffer({ run: a }: MeasuredRun, { run: b }: MeasuredRun): Evidence | null {
  const [before, after] = [byReplica(a), byReplica(b)];
  const names = [...before.keys()];
  if (names.length !== after.size || !names.every((name) => after.has(name))) return null;
  const counts = (run: typeof before) => names.map((name) => run.get(name)?.answers ?? 0);
  const evidence = countsDiffer(counts(before), counts(after));
  const change = (b.spread ?? 0) - (a.spread ?? 0);
  const relative = (run: Run) => of(run.spread ?? 0, run.answered) ?? 0;
  return evidence === 'real' && (relative(b) - relative(a)) * change <= 0 ? null : evidence;
}

/** The answers by name of replica: a slot's tasks together. */
function byReplica({ shares }: Run): Map<string, { slot: number | null; answers: number }> {
  const replicas = new Map<string, { slot: number | null; answers: number }>();
  for (const { name, slot, answers } of shares) {
    const before = replicas.get(name)?.answers ?? 0;
    replicas.set(name, { slot, answers: before + answers });
  }
  return replicas;
}

/** The shares of both runs in the order of slots. */
function compareShares(a: Run, b: Run): SharePair[] {
  const [before, after] = [byReplica(a), byReplica(b)];
  const names = new Set([...before.keys(), ...after.keys()]);
  const pairs = Array.from(names, (name): SharePair => {
    const [left, right] = [before.get(name), after.get(name)];
    const [x, y] = [
      left && { count: left.answers, of: a.answered },
      right && { count: right.answers, of: b.answered },
    ];
    return {
      name,
      slot: left?.slot ?? right?.slot ?? null,
      before: x ? (of(x.count, x.of) ?? 0) : null,
      after: y ? (of(y.count, y.of) ?? 0) : null,
      evidence: x && y && x.count * y.of !== y.count * x.of ? partsDiffer(x, y) : null,
    };
  });
  return pairs.toSorted(
    (x, y) => (x.slot ?? Infinity) - (y.slot ?? Infinity) || (x.name < y.name ? -1 : 1),
  );
}

function of(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
