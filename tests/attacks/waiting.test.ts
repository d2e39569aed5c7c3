import { setTimeout as later } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { watch } from './support/bystander';
import { closeAll } from './support/flood';
import { dial, requestText } from './support/raw';
import { expectNothingLeft, quietTarget } from './support/quiet';

/** Attacks that send or read very slowly. */

test('ends a stream within 40 s when its answers are not read', async () => {
  const { target, before } = await quietTarget();
  // A view of about 2 MB: a few are more than the kernel buffers for a connection.
  await target.swarm.control('/fill', { nodes: 200, tasks: 3000 });
  const swarm = requestText('GET', '/api/swarm', target.port);
  const live = requestText('GET', '/api/live', target.port);
  const sockets = await Promise.all(
    Array.from({ length: 5 }, async (_, n) => {
      const socket = await dial(target.port, `127.0.0.${10 + n}`);
      socket.pause();
      socket.write(swarm.repeat(5) + live);
      return socket;
    }),
  );
  await later(32_000);
  await expectNothingLeft(target, before);
  await closeAll(sockets);
}, 300_000);

const HEADER = 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ';
const BODY =
  'POST /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n"';

test('serves others while 200 connections send headers and bodies a byte at a time', async () => {
  const { target, before } = await quietTarget();
  const sockets = await Promise.all(
    Array.from({ length: 200 }, async (_, n) => {
      const socket = await dial(target.port, '127.0.0.2');
      socket.resume();
      socket.write(n % 2 === 0 ? HEADER : BODY);
      return socket;
    }),
  );
  const others = watch(target.port, '/api/swarm');
  for (let seconds = 0; seconds < 6; seconds++) {
    for (const socket of sockets) if (!socket.destroyed) socket.write('x');
    await later(1000);
  }
  const { times, failures } = await others.stop();
  expect(failures).toEqual([]);
  expect(times.length).toBeGreaterThan(0);
  await closeAll(sockets);
  await expectNothingLeft(target, before);
});
