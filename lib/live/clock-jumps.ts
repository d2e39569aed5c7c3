import { uptime } from 'node:os';

/** Smaller differences (ms) are the resolution of the uptime, or a clock that is being slowed or sped up. */
const MIN_JUMP_MS = 2500;

/** A clock that nobody can set (ms). */
type SteadyClock = () => number;

/** While a laptop sleeps, only the machine's uptime goes on; in tests with a clock of their own, only the process's. */
export const STEADY_CLOCKS: readonly SteadyClock[] = [
  () => performance.now(),
  () => uptime() * 1000,
];

/** Detects that the machine's clock was set: then it moved by another time than every steady clock. */
export class ClockJumps {
  readonly #clocks: readonly SteadyClock[];
  /** By steady clock: what the other one would show at its 0. */
  #origins: readonly number[] | null = null;

  constructor(clocks: readonly SteadyClock[]) {
    this.#clocks = clocks;
  }

  /** By how much the clock was set since the last call (ms; negative: back); 0 when it was not. `now`: its time. */
  since(now: number): number {
    const origins = this.#clocks.map((read) => now - read());
    const before = this.#origins ?? origins;
    const jumps = origins.map((origin, at) => origin - (before[at] ?? origin));
    const jump = jumps.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a), jumps[0] ?? 0);
    const isJump = Math.abs(jump) >= MIN_JUMP_MS;
    // A small difference stays, so that many of them add up; a clock that stood still has done so for once.
    this.#origins = origins.map((origin, at) =>
      isJump || Math.abs(jumps[at] ?? 0) >= MIN_JUMP_MS ? origin : (before[at] ?? origin),
    );
    return isJump ? jump : 0;
  }
}
