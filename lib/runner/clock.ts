/** Time as the runner needs it; tests hand in one that they move themselves. */
export interface MonotonicClock {
  /** Milliseconds that only ever go forward, from any start. */
  now(): number;
  /** Milliseconds since the epoch. */
  wall(): number;
  /** Calls back once, not before `ms` have passed; the returned function calls it off. */
  after(ms: number, callback: () => void): () => void;
}

/** The machine's clocks. */
export const systemClock: MonotonicClock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, callback) {
    // A timer counts whole milliseconds and may be one off either way. The rest is waited for in
    // turns of the event loop, which stays free meanwhile: at most about a millisecond each time.
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
