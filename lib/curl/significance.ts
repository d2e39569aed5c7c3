import { percentile } from './percentile';
import { chiSquaredP, logGamma } from './stats';

/**
 * Differences that chance alone gives in at least one of 100 comparisons count as noise. The tests assume independent
 * requests; those of one run share the state of the network and the engine, so the real p-value is somewhat higher.
 */
const LEVEL = 0.01;

/**
 * Whether a difference between two runs is more than noise. `too few`: whatever the outcome, so few answers could not have
 * shown one.
 */
export type Evidence = 'real' | 'noise' | 'too few';

/** How many of how many. */
export interface Part {
  readonly count: number;
  readonly of: number;
}

/** Result of an exact test. */
export interface Exact {
  /** Two-sided p-value. */
  readonly p: number;
  /** The lowest p-value that any outcome with the same totals has. */
  readonly least: number;
}

/**
 * Fisher's exact test of two proportions (Fisher, "The Design of Experiments", 1935, chapter 2), two-sided: the
 * probability of all tables with the same totals that are at most as likely as this one, as R's `fisher.test`.
 */
export function fisherExact(a: Part, b: Part): Exact {
  const all = a.count + b.count;
  const first = Math.max(0, all - b.of);
  const logs = Array.from(
    { length: Math.min(a.of, all) - first + 1 },
    (_, at) =>
      logChoose(a.of, first + at) + logChoose(b.of, all - first - at) - logChoose(a.of + b.of, all),
  );
  const probabilities = logs.map((log) => Math.exp(log));
  const pOf = (at: number) => {
    // The tolerance of R: equally likely tables differ by rounding.
    const limit = (probabilities[at] ?? 0) * (1 + 1e-7);
    const sum = probabilities.reduce((total, one) => (one <= limit ? total + one : total), 0);
    return Math.min(1, sum);
  };
  return { p: pOf(a.count - first), least: Math.min(pOf(0), pOf(probabilities.length - 1)) };
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

/** Whether two proportions differ. */
export function partsDiffer(a: Part, b: Part): Evidence {
  if (a.of === 0 || b.of === 0) return 'too few';
  return evidenceOf(fisherExact(a, b));
}

function evidenceOf({ p, least }: Exact): Evidence {
  if (least >= LEVEL) return 'too few';
  return p < LEVEL ? 'real' : 'noise';
}

/** Whether the `p`-th percentiles of two samples (ascending) differ. */
export function percentilesDiffer(a: readonly number[], b: readonly number[], p: number): Evidence {
  if (a.length === 0 || b.length === 0) return 'too few';
  const [above, other] = aboveBoth(a, b, p);
  const evidence = evidenceOf(fisherExact(above, other));
  // With ties the shares above can differ in the other direction than the percentiles: that confirms nothing.
  const shares = other.count / other.of - above.count / above.of;
  const change = (percentile(b, p) ?? 0) - (percentile(a, p) ?? 0);
  return evidence === 'real' && shares * change <= 0 ? 'noise' : evidence;
}

/**
 * The parts of two samples (ascending) above the `p`-th percentile of both together. Comparing these by Fisher's exact test
 * is Mood's median test, at any percentile
 * (Mood, "Introduction to the Theory of Statistics", 1950, section 16.5; Conover, "Practical Nonparametric Statistics",
 * 3rd edition, 1999, section 4.3, which names the other quantiles). Nothing is assumed of the latencies' distribution,
 * which is far from normal.
 */
export function aboveBoth(a: readonly number[], b: readonly number[], p: number): [Part, Part] {
  const pooled = percentile(Float64Array.from([...a, ...b]).sort(), p) ?? 0;
  const above = (values: readonly number[]): Part => ({
    count: values.filter((value) => value > pooled).length,
    of: values.length,
  });
  return [above(a), above(b)];
}

/** The smallest expected count with which χ² is close enough to its distribution (Cochran, "Some methods for strengthening the common χ² tests", 1954). */
const MIN_EXPECTED = 5;

/**
 * Pearson's χ² test of homogeneity: whether two lists of counts, in the same order, have different proportions (Agresti,
 * "Categorical Data Analysis", 3rd edition, 2013, section 3.2). Null where expected counts are too small for it.
 */
export function homogeneityP(a: readonly number[], b: readonly number[]): number | null {
  const [sumA, sumB] = [sum(a), sum(b)];
  let chi2 = 0;
  let categories = 0;
  for (const [at, count] of a.entries()) {
    const both = count + (b[at] ?? 0);
    if (both === 0) continue;
    categories += 1;
    for (const [counted, total] of [
      [count, sumA],
      [b[at] ?? 0, sumB],
    ] as const) {
      const expected = (both * total) / (sumA + sumB);
      if (expected < MIN_EXPECTED) return null;
      chi2 += (counted - expected) ** 2 / expected;
    }
  }
  return categories < 2 ? null : chiSquaredP(chi2, categories - 1);
}

/** Whether two lists of counts, in the same order, have different proportions. */
export function countsDiffer(a: readonly number[], b: readonly number[]): Evidence {
  const p = homogeneityP(a, b);
  if (p === null) return 'too few';
  return p < LEVEL ? 'real' : 'noise';
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
