/**
 * The `p`-th percentile (0 < p ≤ 100) of values in ascending order, by nearest rank: the smallest
 * value that at least p % of the values do not exceed (Hyndman and Fan, "Sample quantiles in
 * statistical packages", 1996, definition 1). It is always a measured value, never an
 * interpolated one. Null without values.
 */
export function percentile(ascending: ArrayLike<number>, p: number): number | null {
  const rank = Math.ceil((p * ascending.length) / 100);
  return ascending[Math.max(rank, 1) - 1] ?? null;
}

/** Below this many values the 99th percentile is just the maximum. */
const P99_FROM = 100;

/** The 99th percentile of values in ascending order; null below 100 of them. */
export function p99Of(ascending: readonly number[]): number | null {
  return ascending.length < P99_FROM ? null : percentile(ascending, 99);
}

/** Inserts a value into an ascending array. */
export function insertSorted(ascending: number[], value: number): void {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  ascending.splice(low, 0, value);
}
