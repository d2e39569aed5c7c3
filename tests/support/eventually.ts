import { vi } from 'vitest';

/** Waits until `check` no longer throws; long, as a busy machine must not fail a test. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 20_000, interval: 25 });
}
