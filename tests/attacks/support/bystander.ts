import { setTimeout as later } from 'node:timers/promises';
import { ask } from './raw';

/** What somebody else saw of the server meanwhile. */
export interface Bystander {
  /** Ends it; gives what it measured. */
  stop(): Promise<{ times: number[]; failures: string[] }>;
}

/** Another client that asks for `path` again and again, a little pause between. */
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

/** The value below which this part (0 … 1) of `values` lies. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
