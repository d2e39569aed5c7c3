/** The demo's random numbers: one seeded stream, so that the same seed repeats the same swarm. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** Uniform in [0, 1), by mulberry32, which is good enough for placement and jitter. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** A whole number in [0, below). */
  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** Log-normal with the given median: durations that are sometimes much longer. */
  logNormal(median: number, sigma: number): number {
    const u = 1 - this.next();
    const v = this.next();
    const normal = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
    return median * Math.exp(sigma * normal);
  }

  /** An id like swarm's: 25 characters of base 36. */
  id(): string {
    let id = '';
    while (id.length < 25) id += this.int(36).toString(36);
    return id;
  }

  /** Hexadecimal digits: container ids are 64 of them. */
  hex(length: number): string {
    let hex = '';
    while (hex.length < length) hex += this.int(16).toString(16);
    return hex;
  }

  /** Any one of the items; undefined if there are none. */
  pick<T>(items: readonly T[]): T | undefined {
    return items[this.int(items.length)];
  }
}
