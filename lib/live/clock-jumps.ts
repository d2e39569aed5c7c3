import { uptime } from 'node:os';

/** Smaller differences (ms) are the resolution of the uptime, or a clock that is being slowed or sped up. */
const MIN_JUMP_MS = 2500;

/** A monotonic clock (ms). */
type SteadyClock = () => number;

/** While a laptop sleeps, only the machine's uptime advances; under fake timers, only `performance.now`. */
export const STEADY_CLOCKS: readonly SteadyClock[] = [
  () => performance.now(),
  () => uptime() * 1000,
];

/** Detects that the machine's clock was set: its time since the last call differs from that of every monotonic clock. */
export class ClockJumps {
  readonly #clocks: readonly SteadyClock[];
  /** By monotonic clock: the wall-clock time at its 0. */
  #origins: readonly number[] | null = null;

  constructor(clocks: readonly SteadyClock[]) {
    this.#clocks = clocks;
  }

  /** Returns by how much the clock was set since the last call (ms; negative: back), or 0. `now`: the wall-clock time. */
  since(now: number): number {
    const origins = this.#clocks.map((read) => now - read());
    const before = this.#origins ?? origins;
    const jumps = origins.map((origin, at) => origin - (before[at] ?? origin));
    const jump = jumps.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a), jumps[0] ?? 0);
    const isJump = Math.abs(jump) >= MIN_JUMP_MS;
    // Small differences are kept so that they add up; a clock that paused in sleep starts again from here.
    this.#origins = origins.map((origin, at) =>
      isJump || Math.abs(jumps[at] ?? 0) >= MIN_JUMP_MS ? origin : (before[at] ?? origin),
    );
    return isJump ? jump : 0;
  }
}
