/** Time as the runner needs it; tests hand in one that they move themselves. */
export interface Clock {
  /** Milliseconds that only ever go forward, from any start. */
  now(): number;
  /** Milliseconds since the epoch. */
  wall(): number;
  /** Calls back once, not before `ms` have passed; the returned function calls it off. */
  after(ms: number, callback: () => void): () => void;
}

/** The machine's clocks. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, callback) {
    // setTimeout cuts fractions off, which would fire up to a millisecond before the time.
    const timer = setTimeout(callback, Math.max(0, Math.ceil(ms)));
    return () => clearTimeout(timer);
  },
};
