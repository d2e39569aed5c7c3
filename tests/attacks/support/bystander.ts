import { setTimeout as later } from 'node:timers/promises';
import { ask } from './raw';

/** Another client's measurements during an attack. */
export interface Bystander {
  /** Stops it and returns the measurements. */
  stop(): Promise<{ times: number[]; failures: string[] }>;
}

/** A client that requests `path` repeatedly, with short pauses. */
export function watch(port: number, path = '/healthz', from = '127.0.0.200'): Bystander {
  const times: number[] = [];
  const failures: string[] = [];
  const stopped = new AbortController();
  const loop = (async () => {
    while (!stopped.signal.aborted) {
      try {
        const { status, ms } = await ask(port, path, { from, within: 5000 });
        if (status === 200) times.push(ms);
        else failures.push(String(status));
      } catch (error) {
        failures.push((error as Error).message);
      }
      await later(50);
    }
  })();
  return {
    async stop() {
      stopped.abort();
      await loop;
      return { times, failures };
    },
  };
}

/** The quantile (0 … 1) of `values`. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
