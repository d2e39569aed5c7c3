import { EventEmitter } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { EngineHost } from '@/lib/curl/dial';
import { aNode, aService, aTask, containerOfSlot } from '@/tests/factories/view';
import { echo, listen, reply, until } from '@/tests/support/listener';
import { mesh, setUp } from '@/tests/support/runs';
import { silentPort } from '@/tests/support/silent-port';
import type { RunnerHooks } from './run-engine';

/** At this address every connection times out; what only tries it is not answered at any port. */
const NOWHERE = '127.0.0.77';
const reach: NonNullable<RunnerHooks['reach']> = {
  isOwn: () => false,
  open(address, port) {
    if (address !== NOWHERE) return connect({ host: address, port });
    return Object.assign(new EventEmitter(), { destroy: () => {} }) as unknown as Socket;
  },
};
/** A port at which nothing answers at `NOWHERE`. */
async function silentAt(port?: number): Promise<number> {
  const silent = await silentPort(NOWHERE, port);
  onTestFinished(() => silent.close());
  return silent.port;
}
const ctrl = (over: Parameters<typeof aNode>[0] = {}) =>
  aNode({ name: 'ctrl', address: '127.0.0.1', ...over });
const zero1 = aNode({ name: 'zero1', address: '127.0.0.1' });

describe('ports that the engine chose for each task', () => {
  const task = (slot: number, node: string, published: number, state?: 'failed') =>
    aTask({
      slot,
      nodeId: `id-${node}`,
      hostPorts: [{ published, target: 8080, protocol: 'tcp' }],
      ...(state && { state }),
    });
  const ports = [{ published: null, target: 8080, protocol: 'tcp', mode: 'host' as const }];
  const services = [aService({ ports })];
  const ofSlot = (slot: number) => listen(reply(echo(containerOfSlot(slot))));

  test('are dialled in turn, with the URLs that were used', async () => {
    const [first, second] = [await ofSlot(1), await ofSlot(2)];
    const { setView, start, ticks, ended, get } = setUp(first.port);
    setView({ services, tasks: [task(1, 'ctrl', first.port), task(2, 'zero1', second.port)] });
    const { id } = start({ publishedPort: 0, entryNode: 'rotate', rate: 5, seconds: 2 });
    await ticks(id, 10);
    await ended(id);
    const run = get(id);
    expect(run).toMatchObject({
      ended: 'finished',
      answered: 10,
      failed: 0,
      spread: null,
      details: null,
      verdict: '2 of 2 running tasks answered, each at its own port: host mode has no mesh',
      request: { publishedPort: 0, targetPort: 8080 },
      url: `http://127.0.0.1:${first.port}/Hello!`,
    });
    expect(run.entries.map(({ url, answered, missing }) => [url, answered, missing])).toEqual([
      [`http://127.0.0.1:${first.port}/Hello!`, 5, []],
      [`http://127.0.0.1:${second.port}/Hello!`, 5, []],
    ]);
    expect([first.seen, second.seen]).toEqual([5, 5]);
  });

  test('of a replacement are used at once, and no port is dialled after its task', async () => {
    const [first, second] = [await ofSlot(1), await ofSlot(2)];
    const { setView, start, ticks, ended, get } = setUp(first.port);
    setView({ services, tasks: [task(1, 'ctrl', first.port)] });
    const run = { publishedPort: 0, entryNode: 'rotate', rate: 5, seconds: 2 } as const;
    const { id } = start({ ...run, keepGoing: true });
    await ticks(id, 2);
    await until(() => expect(get(id).answered).toBe(3));
    setView({ services, tasks: [task(1, 'ctrl', first.port, 'failed')] });
    await ticks(id, 2);
    await until(() => expect(get(id).sent).toBe(5));
    setView({ services, tasks: [task(2, 'zero1', second.port)] });
    await ticks(id, 6);
    await ended(id);
    expect(get(id)).toMatchObject({ sent: 10, answered: 8, errors: { 'no port': 2 } });
    expect([first.seen, second.seen]).toEqual([3, 5]);
    expect(get(id).entries.map(({ name, sent }) => [name, sent])).toEqual([
      ['ctrl', 5],
      ['zero1', 5],
    ]);
  });
});

describe('a node whose first address cannot be reached', () => {
  test('is entered at its next address', async () => {
    const listener = await listen(mesh(1, 2, 3));
    const { setView, start, ticks, ended, get, clock } = setUp(listener.port, { reach });
    setView({ nodes: [ctrl({ address: NOWHERE, otherAddresses: ['127.0.0.1'] })] });
    const { id } = start({ rate: 5, seconds: 2 });
    clock.advance(250);
    await until(() => {
      clock.advance(0);
      expect(get(id).sent).toBeGreaterThan(0);
    });
    await ticks(id, 10);
    await ended(id);
    expect(get(id)).toMatchObject({
      sent: 10,
      answered: 10,
      failed: 0,
      url: `http://127.0.0.1:${listener.port}/Hello!`,
      verdict: 'Round robin: even to within 1 request',
    });
  });

  test('is entered at the host of DOCKER_HOST, which others are not', async () => {
    const listener = await listen(mesh(1, 2, 3));
    const host: EngineHost = { local: true, addresses: ['127.0.0.1'], apiPort: null };
    const { setView, start, ended, get, clock } = setUp(listener.port, {
      reach,
      engineHost: () => host,
    });
    await silentAt(listener.port);
    const nodes = [
      ctrl({ address: NOWHERE }),
      aNode({ name: 'zero1', address: NOWHERE, here: false }),
    ];
    setView({ nodes });
    const { id } = start({ mode: 'once' });
    await until(() => {
      clock.advance(100);
      expect(get(id).state).toBe('ended');
    });
    expect(get(id)).toMatchObject({ answered: 1, url: expect.stringContaining('//127.0.0.1:') });
    const { id: other } = start({ mode: 'once', entryNode: 'zero1' });
    await until(() => {
      clock.advance(100);
      expect(get(other).state).toBe('ended');
    });
    await ended(other);
    expect(get(other)).toMatchObject({ answered: 0, url: expect.stringContaining(NOWHERE) });
    expect(listener.seen).toBe(2);
  });
});

describe('a node that cannot be reached at all', () => {
  test('is no verdict on the mesh, and the run ends in bounded time', async () => {
    const { setView, start, get, clock } = setUp(await silentAt(), { reach });
    setView({ nodes: [ctrl({ address: NOWHERE })] });
    const { id } = start({ rate: 5, seconds: 30 });
    await until(() => {
      clock.advance(100);
      expect(get(id).state).toBe('ended');
    });
    const run = get(id);
    expect(run.ended).toBe('connect failures');
    expect(run.entries[0]?.unreachable).toEqual([NOWHERE]);
    expect(run.verdict).toBe(
      `ctrl cannot be reached from here (${NOWHERE}): run the dashboard on the controller, or set DOCKER_HOST to an address of it that this machine reaches`,
    );
  });

  test('once: the run waits until that is known', async () => {
    const { setView, start, get, clock } = setUp(await silentAt(), { reach });
    setView({ nodes: [ctrl({ address: NOWHERE })] });
    const { id } = start({ mode: 'once' });
    await until(() => {
      clock.advance(100);
      expect(get(id).state).toBe('ended');
    });
    expect(get(id).verdict).toMatch(/^ctrl cannot be reached from here/);
    expect(clock.pending).toBe(0);
  });

  test('rotating, is named once and the others count', async () => {
    const listener = await listen(mesh(1, 2, 3));
    await silentAt(listener.port);
    const { setView, start, get, clock } = setUp(listener.port, { reach });
    setView({ nodes: [ctrl(), { ...zero1, address: NOWHERE }] });
    const { id } = start({ entryNode: 'rotate', rate: 10, seconds: 4 });
    await until(() => {
      const { answered, failed, sent, entries } = get(id);
      // Those at ctrl are answered before the clock goes on; at zero1 up to three wait.
      const [reached] = entries;
      expect(reached && reached.answered).toBe(reached?.sent);
      expect(answered + failed).toBeGreaterThanOrEqual(sent - 4);
      clock.advance(100);
      expect(get(id).state).toBe('ended');
    });
    const run = get(id);
    expect(run.ended).toBe('finished');
    expect(run.verdict).toBe(
      `Round robin: even to within 1 request; zero1 cannot be reached from here (${NOWHERE})`,
    );
    const [reached, apart] = run.entries;
    expect(reached).toMatchObject({ failed: 0, unreachable: [] });
    expect(apart?.failed).toBeLessThan(10);
  });
});
