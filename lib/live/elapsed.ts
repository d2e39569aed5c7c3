/** Milliseconds between two times. Absolute: a Pi without a hardware clock can set it back. */
export function elapsed(since: number, now: number): number {
  return Math.abs(now - since);
}
