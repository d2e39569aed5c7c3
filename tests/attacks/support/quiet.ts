import { setTimeout as later } from 'node:timers/promises';
import { expect } from 'vitest';
import { ask } from './raw';
import { startTarget, type AttackTarget } from './server';
import { openStream } from './stream';

/** The feed continues for a moment after its last viewer has left. */
const QUIET_WITHIN_MS = 15_000;

/** No sockets and viewers are left: the engine is not polled, and streams can be opened. */
export async function expectNothingLeft(target: AttackTarget, before: number): Promise<void> {
  expect(target.alive(), target.output().slice(-500)).toBe(true);
  await expect.poll(() => target.sockets(), { timeout: 60_000 }).toBeLessThanOrEqual(before + 2);
  await expect
    .poll(
      async () => {
        target.engine?.take();
        await later(2500);
        return target.engine?.take().calls;
      },
      { timeout: QUIET_WITHIN_MS, interval: 10 },
    )
    .toBe(0);
  const stream = await openStream(target.port, { from: '127.0.0.3' });
  await expect.poll(() => stream.events.includes('hello')).toBe(true);
  stream.close();
  expect(target.peakMemory()).toBeLessThan(200);
}

/** A server without viewers, and its number of sockets. */
export async function quietTarget(): Promise<{ target: AttackTarget; before: number }> {
  const target = await startTarget({ counted: true });
  await ask(target.port, '/api/swarm');
  await later(500);
  return { target, before: target.sockets() };
}
