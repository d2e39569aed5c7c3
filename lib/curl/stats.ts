/**
 * Jain's fairness index (Jain, Chiu and Hawe, "A quantitative measure of fairness", 1984):
 * (Σx)² / (n Σx²). 1 when all are equal, 1/n when one has all. NaN without a count above 0.
 */
export function jainIndex(counts: readonly number[]): number {
  const sum = total(counts);
  return (sum * sum) / (counts.length * total(counts.map((count) => count * count)));
}

/** Pearson's χ² of counts against an even spread. NaN without a count above 0. */
export function chiSquared(counts: readonly number[]): number {
  const expected = total(counts) / counts.length;
  return total(counts.map((count) => (count - expected) ** 2 / expected));
}

/**
 * The p-value of χ²: the probability that random choice is at least as uneven, Q(df/2, χ²/2). 1 for perfect
 * round robin.
 */
export function chiSquaredP(chi2: number, df: number): number {
  if (df <= 0 || chi2 <= 0) return 1;
  const a = df / 2;
  const x = chi2 / 2;
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
}

const TERMS = 1000;
const EPSILON = 1e-15;

/** P(a, x), the regularised lower incomplete gamma function, by its series (DLMF 8.11.4). For x < a + 1. */
function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; k < TERMS && term > sum * EPSILON; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum * Math.exp(a * Math.log(x) - x - logGamma(a));
}

/** Q(a, x), the regularised upper incomplete gamma function, by its continued fraction (DLMF 8.9.2) by Lentz's method. For x ≥ a + 1. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k < TERMS; k++) {
    const numerator = k * (a - k);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < EPSILON) break;
  }
  return fraction * Math.exp(a * Math.log(x) - x - logGamma(a));
}

/** ln Γ(a) for a > 0: Stirling's series (DLMF 5.11.1) from 10 on, below by Γ(a + 1) = a Γ(a). */
export function logGamma(a: number): number {
  let shift = 0;
  while (a < 10) {
    shift += Math.log(a);
    a += 1;
  }
  const inverse = 1 / (a * a);
  const series =
    (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) /
    a;
  return (a - 0.5) * Math.log(a) - a + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

function total(numbers: readonly number[]): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
