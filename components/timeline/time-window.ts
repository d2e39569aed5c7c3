const HOUR = 60 * 60_000;

/** Lengths of time that the chart can show (ms): 5 minutes, an hour, 6 hours, a day. */
export const ZOOMS = [5 * 60_000, HOUR, 6 * HOUR, 24 * HOUR] as const;

/** The stretch of time that the chart shows (ms). */
export interface TimeWindow {
  from: number;
  to: number;
}

/** A time window drawn `width` px wide. */
export interface TimeScale extends TimeWindow {
  width: number;
  /** The x coordinate of a time, clamped to the window. */
  toX: (time: number) => number;
}

export function timeScale({ from, to }: TimeWindow, width: number): TimeScale {
  const pxPerMs = width / (to - from);
  return { from, to, width, toX: (time) => (Math.min(to, Math.max(from, time)) - from) * pxPerMs };
}

/**
 * The end of the window that shows `at`: the previous `end` while that window contains `at`, else
 * a window centred on `at`, but never beyond now.
 */
export function windowEndFor(at: number, zoom: number, end: number, now: number): number {
  return at <= end && at >= end - zoom ? end : Math.min(now, at + zoom / 2);
}

/** Possible distances between two ticks of the time axis (ms). */
const TICK_STEPS = [
  10_000,
  30_000,
  60_000,
  120_000,
  300_000,
  600_000,
  900_000,
  HOUR / 2,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
];

/** Ticks of the time axis at round times of the local clock, at least `minGap` px apart. */
export function ticks(
  { from, to }: TimeWindow,
  width: number,
  minGap: number,
  zoneOffset = new Date(from).getTimezoneOffset() * 60_000,
): { at: number; x: number; label: string }[] {
  const msPerPx = (to - from) / Math.max(1, width);
  const step = TICK_STEPS.find((ms) => ms / msPerPx >= minGap) ?? 12 * HOUR;
  const result = [];
  const first = Math.ceil((from - zoneOffset) / step) * step + zoneOffset;
  for (let at = first; at <= to; at += step) {
    const local = new Date(at - zoneOffset).toISOString();
    result.push({
      at,
      x: (at - from) / msPerPx,
      label: step < 60_000 ? local.slice(11, 19) : local.slice(11, 16),
    });
  }
  return result;
}
