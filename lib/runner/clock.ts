/** The runner's clock and timers; tests pass a fake one. */
export interface MonotonicClock {
  /** Monotonic time in ms, from an arbitrary start. */
  now(): number;
  /** Milliseconds since the epoch. */
  wall(): number;
  /** Calls back once after at least `ms`; the returned function cancels it. */
  after(ms: number, callback: () => void): () => void;
}

/** The system's clocks. */
export const systemClock: MonotonicClock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, callback) {
    // A timer has whole milliseconds and may be off by one. The rest is waited for in turns of the
    // event loop, which stays free: at most about a millisecond each time.
    const due = performance.now() + ms;
    let turn: NodeJS.Immediate | undefined;
    const check = () => {
      if (performance.now() >= due) callback();
      else turn = setImmediate(check);
    };
    let timer: NodeJS.Timeout | undefined;
    if (ms < 1) turn = setImmediate(check);
    else timer = setTimeout(check, Math.floor(ms));
    return () => {
      clearTimeout(timer);
      clearImmediate(turn);
    };
  },
};
