import { setTimeout as later } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { requestOverSocket } from '@/tests/support/unix-socket';
import { demoEngine, type TestEngine } from './engines';
import { followService } from './followed-log';

/** A followed log while the network of a node is cut: the demo at the speed of a real swarm. */

let engine: TestEngine;

beforeEach(async () => {
  engine = await demoEngine();
});
afterEach(() => engine.close());

const control = (path: string, body: unknown) =>
  requestOverSocket(engine.socketPath.replace('.sock', '-control.sock'), 'POST', path, body);

test.each([
  ['a short cut, in which its node is never listed as down', 7000, false],
  ['a long cut', 19_000, true],
])('after %s every line is there once', async (_, cutMs, isListed) => {
  await control('/chatter', { service: 'goweb', linesPerSecond: 40 });
  const followed = await followService(engine.socketPath, 'goweb');
  const { log, feed, seen } = followed;
  try {
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(60), { timeout: 10_000 });
    const onZero = feed
      .current()
      .view?.tasks.find(
        ({ nodeId }) => feed.current().view?.nodes.find(({ id }) => id === nodeId)?.name !== 'ctrl',
      );
    const node = onZero?.nodeId ?? '';
    const ofNode = () => seen.filter((one) => one.kind === 'line' && one.nodeId === node);
    await control('/node', { node, link: false });
    await later(cutMs);
    const silentAt = ofNode().length;
    expect(log.status.missing.map(({ nodeId }) => nodeId)).toEqual(isListed ? [node] : []);
    await control('/node', { node, link: true });
    await vi.waitFor(() => expect(ofNode().length).toBeGreaterThan(silentAt + 40), {
      timeout: 20_000,
    });
    await later(1000);
    const numbers = seen
      .filter((one) => one.kind === 'line')
      .map(({ text }) => Number(/id=chatter-(\d+)/.exec(text)?.[1] ?? Number.NaN))
      .filter((n) => !Number.isNaN(n));
    expect(new Set(numbers).size).toBe(numbers.length);
    // Those that a node still sends are among the last ones.
    const sorted = numbers.toSorted((a, b) => a - b);
    const [first = 0] = sorted;
    const complete = sorted.slice(0, -80);
    expect(complete).toEqual(Array.from({ length: complete.length }, (_, n) => first + n));
    expect(log.status).toMatchObject({ state: 'live', missing: [] });
    expect(seen.filter(({ kind }) => kind === 'note')).toEqual([]);
  } finally {
    followed.close();
  }
});
