import { setTimeout as later } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { watch } from './support/bystander';
import { closeAll, connections, pipeline } from './support/flood';
import { ask, closedWithin, requestText, staticPath } from './support/raw';
import { startTarget, type AttackTarget } from './support/server';

/** A client without a session cannot use up the server's memory. */

/** The container of deploy/stack.yml has 256 MB. */
const MOST_MB = 200;

/** Another client was served throughout, and the server is unharmed. */
async function expectUnharmed(target: AttackTarget, during: () => Promise<unknown>): Promise<void> {
  const before = target.sockets();
  const others = watch(target.port);
  await during();
  const { times, failures } = await others.stop();
  expect(target.alive(), target.output().slice(-500)).toBe(true);
  expect(target.peakMemory()).toBeLessThan(MOST_MB);
  expect(failures).toEqual([]);
  expect(times.length).toBeGreaterThan(0);
  const after = await ask(target.port, '/', { from: '127.0.0.3' });
  expect(after.status).toBe(200);
  await expect.poll(() => target.sockets(), { timeout: 60_000 }).toBeLessThanOrEqual(before + 2);
}

const PATHS = ['/', '/api/swarm', '/healthz', 'a static chunk'];
const pathOf = async (name: string, port: number) =>
  name === 'a static chunk' ? staticPath(port) : name;

// 1,000 × the page or 3,000 × the others once killed the server or took 520 MB.
test.each(PATHS)('survives 10,000 × GET %s in one write', async (name) => {
  const target = await startTarget();
  const text = requestText('GET', await pathOf(name, target.port), target.port);
  await expectUnharmed(target, () => pipeline(target.port, text, 10_000));
});

test.each(['/api/swarm', 'a static chunk'])(
  'survives 10,000 × GET %s in one write with unread answers',
  async (name) => {
    const target = await startTarget();
    const text = requestText('GET', await pathOf(name, target.port), target.port);
    const unread = { read: false, ms: 3000 };
    await expectUnharmed(target, () => pipeline(target.port, text, 10_000, unread));
  },
);

test.each(['/', 'a static chunk'])(
  'survives 100 connections with 100 × GET %s each, unread',
  async (name) => {
    const target = await startTarget();
    const text = requestText('GET', await pathOf(name, target.port), target.port);
    const one = () => pipeline(target.port, text, 100, { read: false, ms: 2000 }).catch(() => null);
    await expectUnharmed(target, () => Promise.all(Array.from({ length: 100 }, one)));
  },
);

test('survives 3,000 separate connections to the page', async () => {
  const target = await startTarget();
  const text = requestText('GET', '/', target.port);
  await expectUnharmed(target, async () => {
    const sockets = await connections(target.port, text, 3000);
    await later(3000);
    await closeAll(sockets);
  });
});

test('answers a client that connects after 3,000 connections of another before most of those', async () => {
  const target = await startTarget();
  const text = requestText('GET', '/', target.port);
  // The kernel connects all of them before the server accepts the first.
  process.kill(target.pid(), 'SIGSTOP');
  const sockets = await connections(target.port, text, 3000);
  let answers = 0;
  for (const socket of sockets) socket.once('data', () => answers++);
  const other = ask(target.port, '/healthz', { from: '127.0.0.3' });
  await later(100);
  process.kill(target.pid(), 'SIGCONT');
  const { status } = await other;
  const before = answers;
  await closeAll(sockets);
  expect(sockets).toHaveLength(3000);
  expect(status).toBe(200);
  expect(before).toBeLessThan(300);
});

test('answers 503 with Retry-After to a client with too many requests in flight, or ends its socket', async () => {
  const { port } = await startTarget();
  const text = requestText('GET', '/api/swarm', port);
  const sockets = await connections(port, text.repeat(50), 200);
  let received = '';
  for (const socket of sockets) {
    socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  }
  const ended = await Promise.all(sockets.map((socket) => closedWithin(socket, 2000)));
  const refusals = received.match(/HTTP\/1\.1 503 [\s\S]*?\r\n\r\n/g) ?? [];
  await closeAll(sockets);
  expect(refusals.length + ended.filter(Boolean).length).toBeGreaterThan(0);
  for (const head of refusals) expect(head).toMatch(/^retry-after: \d+/im);
});
