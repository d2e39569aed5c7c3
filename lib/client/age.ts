const STEPS = [
  [60, 's'],
  [60, 'm'],
  [48, 'h'],
  [Infinity, 'd'],
] as const;
const SIZES = [1, 60, 3600, 86_400] as const;

/** A short age: `8 s`, `14 m`, `3 h`, `12 d`. Never negative, although clocks differ. */
export function shortAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const at = STEPS.findIndex(([limit], i) => seconds / (SIZES[i] ?? 1) < limit);
  return `${Math.floor(seconds / (SIZES[at] ?? 1))} ${STEPS[at]?.[1]}`;
}

/** A short length of time: with tenths below ten seconds. */
export function shortDuration(ms: number): string {
  return ms < 10_000 ? `${(Math.floor(Math.max(0, ms) / 100) / 10).toFixed(1)} s` : shortAge(ms);
}
