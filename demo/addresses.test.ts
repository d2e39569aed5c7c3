import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { claimAddresses } from './addresses';

test('every node has 127.0.0.1 if the system has only one loopback address', async () => {
  const addresses = await claimAddresses(127);
  expect(addresses.own).toBe(false);
  expect(new Set(addresses.nodes)).toEqual(new Set(['127.0.0.1']));
});

test("the nodes have separate addresses on a real manager's machine", async () => {
  // The port at which an engine listens for its swarm; the test also works if one does.
  const engine = createServer().listen(2377, '0.0.0.0');
  await Promise.race([once(engine, 'listening'), once(engine, 'error')]).catch(() => {});
  const addresses = await claimAddresses();
  expect(addresses.own).toBe(true);
  await addresses.release();
  engine.close();
});
