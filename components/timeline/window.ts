/** How much the swimlanes show (ms): five minutes, a quarter of an hour, the whole hour. */
export const ZOOMS = [5 * 60_000, 15 * 60_000, 60 * 60_000] as const;

/** A stretch of time (ms). */
export interface Window {
  from: number;
  to: number;
}

/**
 * Where the window ends while it shows `at`: where it ended, unless that moment lies outside;
 * then around the moment, but never beyond now.
 */
export function endFor(at: number, zoom: number, end: number, now: number): number {
  return at <= end && at >= end - zoom ? end : Math.min(now, at + zoom / 2);
}

/** Steps between two marks of the time axis (ms): what people count in. */
const STEPS = [10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000];

/** Marks of the time axis at round times of the local clock, at least `least` px apart. */
export function ticks(
  { from, to }: Window,
  width: number,
  least: number,
  zoneOffset = new Date(from).getTimezoneOffset() * 60_000,
): { at: number; x: number; label: string }[] {
  const perPx = (to - from) / Math.max(1, width);
  const step = STEPS.find((ms) => ms / perPx >= least) ?? 3_600_000;
  const marks = [];
  const first = Math.ceil((from - zoneOffset) / step) * step + zoneOffset;
  for (let at = first; at <= to; at += step) {
    const local = new Date(at - zoneOffset).toISOString();
    marks.push({
      at,
      x: (at - from) / perPx,
      label: step < 60_000 ? local.slice(11, 19) : local.slice(11, 16),
    });
  }
  return marks;
}
