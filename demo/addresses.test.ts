import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { claimAddresses } from './addresses';

test('where the system has one loopback address only, every node gets it', async () => {
  const addresses = await claimAddresses(127);
  expect(addresses.own).toBe(false);
  expect(new Set(addresses.nodes)).toEqual(new Set(['127.0.0.1']));
});

test("on a real manager's own machine the nodes have addresses of their own", async () => {
  // Where an engine listens for its swarm; taken already is as good.
  const engine = createServer().listen(2377, '0.0.0.0');
  await Promise.race([once(engine, 'listening'), once(engine, 'error')]).catch(() => {});
  const addresses = await claimAddresses();
  expect(addresses.own).toBe(true);
  await addresses.release();
  engine.close();
});
