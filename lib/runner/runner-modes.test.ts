import net from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { liveMessageSchema } from '@/lib/api';
import { aService, aTask, containerOfSlot, tasksInSlots } from '@/tests/factories/view';
import { PORT_REUSE_NOTE, type Second } from '@/lib/curl/run';
import type { Availability } from '@/lib/swarm/view';
import type { DrillActions } from './drill';
import { encodeRun } from './encode-run';
import { BAD, inTurn, listen, reply, response, until, type Manner } from '@/tests/support/listener';
import { mesh, setUp, viewOf } from '@/tests/support/runs';

/** The echo service's answer, on a connection that stays open. */
const stored = (slot: number) => {
  const body = `This is ${containerOfSlot(slot)} running on linux/arm saying: Hello!\n`;
  return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};
/** One replica per connection, as the mesh does it; each keeps its connection open. */
const keepingMesh = (...slots: number[]): Manner =>
  inTurn(
    ...slots.map(
      (slot): Manner =>
        (socket) =>
          socket.on('data', () => socket.write(stored(slot))),
    ),
  );
describe('keep alive', () => {
  test('one in flight: uses one connection, so one replica answers, and notes the reason', async () => {
    const listener = await listen(keepingMesh(2, 1, 3));
    const { start, ticks, get, ended } = setUp(listener.port);
    const { id } = start({ connection: 'keepAlive', inFlight: 1 });
    await ticks(id, 50);
    await ended(id);
    const run = get(id);
    expect(run).toMatchObject({ sent: 50, answered: 50, connections: 1, repeats: 1 });
    expect(run.verdict).toMatch(/^Sticks to goweb\.2: 1 kept connection, and the mesh chooses/);
    expect(listener.seen).toBe(1);
    await until(() => expect(listener.open).toBe(0));
  });

  test('opens at most as many connections as may be in flight', async () => {
    const listener = await listen(keepingMesh(1, 2, 3));
    const { start, ended, get } = setUp(listener.port);
    const { id } = start({ mode: 'burst', burst: 60, connection: 'keepAlive', inFlight: 4 });
    await ended(id);
    expect(get(id)).toMatchObject({ sent: 60, answered: 60, skipped: 0 });
    expect(listener.seen).toBeLessThanOrEqual(4);
    expect(get(id).connections).toBe(listener.seen);
    await until(() => expect(listener.open).toBe(0));
  });

  test('closes the idle connection when the run is stopped', async () => {
    const listener = await listen(keepingMesh(1));
    const { start, get, runner } = setUp(listener.port);
    const { id } = start({ connection: 'keepAlive' });
    await until(() => expect(get(id).answered).toBe(1));
    expect(listener.open).toBe(1);
    runner.stop(id);
    await until(() => expect(listener.open).toBe(0));
  });

  test('counts each kind of failure and continues', async () => {
    const manners: [Manner, string][] = [
      [BAD.redirect(1), '3xx'],
      [BAD.garbage, 'bad body'],
      [BAD.huge, 'bad body'],
      [BAD.headers, 'bad body'],
      [BAD.reset, 'reset'],
      [BAD.hangUp, 'closed'],
      [BAD.short, 'closed'],
      [reply(response('500 Oh')), '5xx'],
    ];
    const listener = await listen(inTurn(...manners.map(([manner]) => manner)));
    const { start, ticks, get, runner } = setUp(listener.port);
    const { id } = start({ connection: 'keepAlive', keepGoing: true, rate: 1, seconds: 60 });
    await ticks(id, 3 * manners.length - 1, 1000);
    await until(() => expect(get(id).failed).toBe(3 * manners.length));
    expect(get(id).errors).toEqual({ '3xx': 3, 'bad body': 9, reset: 3, closed: 6, '5xx': 3 });
    runner.stop(id);
    await until(() => expect(listener.open).toBe(0));
  });

  test('aborts a silent or slow target after the requested timeout', async () => {
    const listener = await listen(inTurn(BAD.silent, BAD.drip));
    const { start, clock, get, runner } = setUp(listener.port);
    const { id } = start({ connection: 'keepAlive', timeout: 5, rate: 1 });
    clock.advance(1000);
    await until(() => expect(get(id).connections).toBe(2));
    clock.advance(4900);
    expect(get(id).failed).toBeLessThanOrEqual(1);
    clock.advance(6000);
    await until(() => expect(get(id).errors['read timeout']).toBeGreaterThanOrEqual(2));
    runner.stop(id);
  });
});

describe('rotating', () => {
  test('uses every entry node in turn and fills every cell of the matrix', async () => {
    const listener = await listen(mesh(1, 1, 2, 2, 3, 3));
    const { start, ticks, ended, get } = setUp(listener.port);
    const { id } = start({ entryNode: 'rotate', seconds: 6 });
    await ticks(id, 30);
    await ended(id);
    const run = get(id);
    expect(run.request).toMatchObject({ entryNode: 'rotate', entryNodeId: 'id-ctrl' });
    expect(run.entries).toMatchObject([
      { name: 'ctrl', sent: 15, answers: [5, 5, 5], spread: 0, repeats: 0 },
      { name: 'zero1', sent: 15, answers: [5, 5, 5], spread: 0, repeats: 0 },
    ]);
    expect(run).toMatchObject({ spread: 0, repeats: 0, connections: 30 });
    expect(run.verdict).toBe('Round robin at each of 2 entry nodes: even to within 1 request');
  });
});

describe('a burst', () => {
  test('sends all requests as places become free, and skips none', async () => {
    let goOn = () => {};
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const listener = await listen((socket, n) => {
      void held.then(() => mesh(1, 2, 3)(socket, n));
    });
    const { start, ended, get } = setUp(listener.port);
    const { id } = start({ mode: 'burst', burst: 90, inFlight: 16 });
    await until(() => expect(listener.open).toBe(16));
    // By then a further connection would have arrived.
    const another = net.connect(listener.port, '127.0.0.1');
    await until(() => expect(listener.open).toBe(17));
    another.destroy();
    expect([get(id).sent, get(id).connections, listener.seen]).toEqual([16, 16, 17]);
    goOn();
    await ended(id);
    expect(get(id)).toMatchObject({
      ended: 'finished',
      planned: 90,
      sent: 90,
      answered: 90,
      skipped: 0,
      connections: 90,
    });
    expect(listener.seen).toBe(91);
  });

  test('ends early when stopped', async () => {
    const listener = await listen(BAD.silent);
    const { start, get, runner } = setUp(listener.port);
    const { id } = start({ mode: 'burst', burst: 50, inFlight: 4 });
    await until(() => expect(listener.open).toBe(4));
    expect(runner.stop(id)).toMatchObject({ ended: 'stopped', sent: 4, skipped: 0 });
    await until(() => expect(listener.open).toBe(0));
    expect(get(id).sent).toBe(4);
  });
});

describe('a port published in host mode', () => {
  const onHost = (port: number, tasks: [slot: number, node: string][]) => {
    const ports = [{ published: port, target: 8080, protocol: 'tcp', mode: 'host' as const }];
    return {
      services: [aService({ ports })],
      tasks: tasks.map(([slot, nodeId]) => aTask({ slot, nodeId })),
    };
  };

  test('stops dialling a node that has had no task for a while', async () => {
    const listener = await listen(mesh(1, 2));
    const { start, ticks, get, setView, clock, ended } = setUp(listener.port);
    setView(
      onHost(listener.port, [
        [1, 'id-ctrl'],
        [2, 'id-zero1'],
      ]),
    );
    const { id } = start({ entryNode: 'rotate', rate: 1, seconds: 60 });
    await ticks(id, 3, 1000);
    const sent = () => get(id).entries.map((entry) => entry.sent);
    expect(sent()).toEqual([2, 2]);
    setView(onHost(listener.port, [[1, 'id-ctrl']]));
    await ticks(id, 9, 1000);
    expect(sent()).toEqual([7, 6]);
    await ticks(id, 4, 1000);
    expect(sent()).toEqual([11, 6]);
    setView(
      onHost(listener.port, [
        [1, 'id-ctrl'],
        [3, 'id-zero1'],
      ]),
    );
    await ticks(id, 2, 1000);
    expect(sent()).toEqual([12, 7]);
    setView(onHost(listener.port, []));
    await ticks(id, 12, 1000);
    await ended(id);
    expect(get(id).ended).toBe('service gone');
    expect(listener.seen).toBe(get(id).sent);
    expect(clock.pending).toBe(0);
  });
});

test('HEAD: answers have no body, so no task is identified', async () => {
  let line = '';
  const listener = await listen((socket) => {
    socket.once('data', (data) => {
      line = data.toString('latin1').split('\r\n')[0] ?? '';
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 57\r\nConnection: close\r\n\r\n');
    });
  });
  const refresh = vi.fn(() => Promise.resolve(null));
  const { start, ended, get } = setUp(listener.port, { refresh });
  const { id } = start({ method: 'HEAD', mode: 'once' });
  await ended(id);
  expect(line).toBe('HEAD /Hello! HTTP/1.1');
  expect(get(id)).toMatchObject({ answered: 1, failed: 0, errors: {} });
  expect(refresh).not.toHaveBeenCalled();
});

test('keepGoing: failures do not end the run', async () => {
  const listener = await listen(reply(response('500 Oh')));
  const { start, ticks, ended, get } = setUp(listener.port);
  const { id } = start({ keepGoing: true });
  await ticks(id, 50);
  await ended(id);
  expect(get(id)).toMatchObject({ ended: 'finished', sent: 50, failed: 50 });
});

test('notes above 20/s that source ports are reused', async () => {
  const listener = await listen(mesh(1));
  const { start, get, runner } = setUp(listener.port);
  for (const [rate, note] of [
    [20, null],
    [50, PORT_REUSE_NOTE],
  ] as const) {
    const { id } = start({ rate });
    expect(get(id).note).toBe(note);
    runner.stop(id);
  }
});

test('accepts at most 6,000 requests', async () => {
  const listener = await listen(mesh(1));
  const { start, get, runner } = setUp(listener.port);
  const { id } = start({ rate: 100, seconds: 300 });
  expect(get(id).planned).toBe(6000);
  runner.stop(id);
});

describe('per-second counts', () => {
  test('are sent as they change, and all to a late subscriber', async () => {
    const listener = await listen(mesh(1, 2, 3));
    const { start, ticks, ended, runner } = setUp(listener.port);
    const seen = new Map<number, Second>();
    const take = encodeRun(runner);
    let notified = 0;
    runner.subscribe(() => {
      const message = liveMessageSchema.parse(JSON.parse(take() ?? 'null'));
      if (message.kind !== 'run') throw new Error('not a run');
      notified = Math.max(notified, message.seconds.length);
      for (const second of message.seconds) seen.set(second.second, second);
    });
    const { id } = start();
    await ticks(id, 50);
    await ended(id);
    const whole = runner.news(null)?.message.seconds ?? [];
    expect(whole.map(({ second }) => second)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...seen.values()]).toEqual(whole);
    expect(notified).toBeLessThanOrEqual(2);
  });

  test('report skipped ticks at their scheduled time', async () => {
    const listener = await listen(BAD.silent);
    const { start, clock, runner } = setUp(listener.port);
    start({ inFlight: 1 });
    clock.advance(1800);
    const seconds = runner.news(null)?.message.seconds;
    expect(seconds?.map(({ skipped }) => skipped)).toEqual([4, 5]);
  });
});

test('counts ticks skipped in a stall of the dashboard separately, at their time', async () => {
  const listener = await listen(BAD.silent);
  const { start, clock, runner, get } = setUp(listener.port);
  const { id } = start({ inFlight: 1 });
  clock.stall(2250);
  clock.advance(0);
  // Due at 2,200 ms: found 50 ms late, and the one place taken.
  expect(get(id)).toMatchObject({ sent: 1, skipped: 11, stalled: 10 });
  runner.stop(id);
  const seconds = runner.news(null)?.message.seconds;
  expect(seconds?.map(({ skipped }) => skipped)).toEqual([4, 5, 2]);
});

describe('past runs', () => {
  test('are listed newest first and keep their answers with names', async () => {
    const listener = await listen(inTurn(mesh(1), reply(response('500 Oh'))));
    const { start, ticks, ended, runner, setView } = setUp(listener.port);
    const { id: first } = start({ seconds: 1 });
    await ticks(first, 5);
    await ended(first);
    const { id: second } = start({ mode: 'once' });
    await ended(second);
    setView({ tasks: [] });
    expect(runner.list().map(({ id }) => id)).toEqual([second, first]);
    const answers = runner.answers(first) ?? [];
    expect(answers).toHaveLength(5);
    expect(answers[0]).toMatchObject({
      n: 1,
      entryNode: 'ctrl',
      task: 'goweb.1',
      slot: 1,
      node: 'zero1',
      status: 200,
      error: null,
    });
    expect(answers[1]).toMatchObject({ n: 2, task: null, node: null, status: 500, error: '5xx' });
    expect(runner.answers('nosuch')).toBeNull();
  });
});

describe('a change of the swarm during a run', () => {
  test('is marked with its cost and is in the story at the end', async () => {
    const listener = await listen(
      inTurn(mesh(1), mesh(2), mesh(3), mesh(1), BAD.reset, mesh(3), mesh(1), mesh(4), mesh(3)),
    );
    const { start, ticks, get, setView, ended, clock } = setUp(listener.port);
    const { id } = start({ seconds: 2 });
    await ticks(id, 4);
    const dead = aTask({ slot: 2, state: 'failed', stateAt: clock.wall() - 100 });
    const other = aTask({ slot: 2, id: 'new', container: containerOfSlot(4) });
    setView({ tasks: [aTask({ slot: 1 }), dead, other, aTask({ slot: 3 })] });
    await ticks(id, 6);
    await ended(id);
    const [mark] = get(id).marks;
    expect(mark).toMatchObject({
      kind: 'task failed',
      text: 'goweb.2 on zero1 died',
      at: 700,
      n: 4,
      cost: { lost: 1, firstLostMs: 100, firstAnswerBy: { name: 'goweb.2' } },
    });
    expect(get(id).story).toMatch(
      /^goweb\.2 on zero1 died at \d\d:\d\d:\d\d\. 1 of 10 requests failed, 0\.1 s later; the replacement answered after 0\.\d s\.$/,
    );
  });

  test('is marked when the view shows it, without any answer', async () => {
    const listener = await listen(BAD.silent);
    let look = () => {};
    const hold = (notified: () => void) => {
      look = notified;
      return () => {};
    };
    const { start, get, setView, clock } = setUp(listener.port, { keepPolling: hold });
    const { id } = start({ mode: 'burst', burst: 50 });
    await until(() => expect(get(id).connections).toBe(4));
    setView({
      tasks: [aTask({ slot: 1 }), aTask({ slot: 2, state: 'failed' }), aTask({ slot: 3 })],
    });
    look();
    expect(get(id).marks).toMatchObject([{ kind: 'task failed', taskId: 'task-2' }]);
    expect(get(id).shares.map(({ name, running }) => [name, running])).toEqual([
      ['goweb.1', true],
      ['goweb.3', true],
      ['goweb.2', false],
    ]);
    expect(clock.now()).toBe(0);
  });

  test('is dated after the last read that did not show it', async () => {
    const listener = await listen(mesh(1));
    let look = () => {};
    const hold = (notified: () => void) => {
      look = notified;
      return () => {};
    };
    const { start, get, setView, ticks, clock } = setUp(listener.port, { keepPolling: hold });
    const { id } = start({ rate: 1 });
    await ticks(id, 3, 1000);
    look();
    const stateAt = clock.wall() - 2800;
    setView({
      tasks: [aTask({ slot: 1 }), aTask({ slot: 2, state: 'failed', stateAt }), aTask({ slot: 3 })],
    });
    look();
    expect(get(id).marks).toMatchObject([{ kind: 'task failed', at: 2000 }]);
  });

  test('a run without changes has no story', async () => {
    const listener = await listen(mesh(1));
    const { start, ended, get } = setUp(listener.port);
    const { id } = start({ mode: 'once' });
    await ended(id);
    expect(get(id)).toMatchObject({ marks: [], story: '', drill: null });
  });
});

describe('a failure drill', () => {
  /** A swarm of which only availabilities matter; `fail` makes calls fail, `slow` delays them. */
  function aSwarm() {
    const availability = new Map<string, Availability>();
    const failures: (Error | null)[] = [];
    let hold: Promise<void> | null = null;
    const killed = vi.fn<(container: string) => void>();
    const call = async () => {
      await hold;
      const failure = failures.shift();
      if (failure) throw failure;
    };
    const drillActions: DrillActions = {
      async drainNode(nodeId) {
        await call();
        availability.set(nodeId, 'drain');
        return true;
      },
      async restoreNode(nodeId, was) {
        await call();
        if (availability.get(nodeId) === 'drain') availability.set(nodeId, was);
        return availability.get(nodeId) ?? null;
      },
      killContainer: (container) => Promise.resolve(killed(container)),
    };
    return {
      drillActions,
      killed,
      failures,
      holdBack() {
        let release = () => {};
        hold = new Promise((resolve) => (release = resolve));
        return release;
      },
      of: (nodeId: string) => availability.get(nodeId) ?? 'active',
      availability,
    };
  }

  async function begun(drained: ReturnType<typeof aSwarm>, seconds = 10) {
    const listener = await listen(mesh(1, 2, 3));
    const all = setUp(listener.port, { drillActions: drained.drillActions });
    // The fake clock runs ahead of the sockets, so they look slow: that must not end the run.
    const { id } = all.start({ rate: 1, seconds: 60, keepGoing: true });
    const drill = () => all.runner.drill(id, { kind: 'drain', node: 'zero1', seconds }, all.view());
    return { ...all, id, drill };
  }

  test('drains a node and restores its availability after the time', async () => {
    const swarm = aSwarm();
    const { id, drill, get, clock } = await begun(swarm);
    expect(drill()).toMatchObject({ ok: true, run: { drill: { state: 'starting' } } });
    await until(() => expect(get(id).drill?.state).toBe('out'));
    expect(swarm.of('id-zero1')).toBe('drain');
    expect(get(id).drill).toMatchObject({ node: 'zero1', until: clock.wall() + 10_000 });
    clock.advance(9999);
    expect(get(id).drill?.state).toBe('out');
    clock.advance(1);
    await until(() => expect(get(id).drill?.state).toBe('done'));
    expect(swarm.of('id-zero1')).toBe('active');
  });

  test('restores it in time when the wall clock is set back', async () => {
    const swarm = aSwarm();
    const release = swarm.holdBack();
    const { id, drill, get, clock } = await begun(swarm);
    drill();
    clock.advance(1000);
    clock.setWall(-60_000);
    release();
    await until(() => expect(get(id).drill?.state).toBe('out'));
    clock.advance(9000);
    await until(() => expect(get(id).drill?.state).toBe('done'));
  });

  test('does not claim changes made after its end', async () => {
    const swarm = aSwarm();
    const { id, drill, get, setView, view, clock } = await begun(swarm);
    drill();
    await until(() => expect(get(id).drill?.state).toBe('out'));
    const drained = (away: boolean) => {
      const availability = away ? ('drain' as const) : ('active' as const);
      const nodes = view().nodes.map((n) => (n.name === 'zero1' ? { ...n, availability } : n));
      setView({ nodes });
      clock.advance(1000);
    };
    drained(true);
    clock.advance(9000);
    await until(() => expect(get(id).drill?.state).toBe('done'));
    drained(false);
    clock.advance(3000);
    drained(true);
    expect(get(id).marks.map(({ kind, drill }) => [kind, drill])).toEqual([
      ['drain', true],
      ['activate', true],
      ['drain', false],
    ]);
  });

  test('that fails after the run has ended is in the story', async () => {
    const swarm = aSwarm();
    const release = swarm.holdBack();
    const { id, drill, get, runner } = await begun(swarm);
    drill();
    swarm.failures.push(new Error('The engine refused.'));
    runner.stop(id);
    expect(get(id).story).toBe('');
    release();
    await until(() => expect(get(id).drill?.state).toBe('failed'));
    expect(get(id).story).toBe('The drill failed: The engine refused.');
  });

  test('restores the node at the end of the run and notifies subscribers', async () => {
    const swarm = aSwarm();
    const { id, drill, get, runner } = await begun(swarm);
    const notified = vi.fn<() => void>();
    drill();
    await until(() => expect(get(id).drill?.state).toBe('out'));
    runner.subscribe(notified);
    runner.stop(id);
    await until(() => expect(get(id).drill?.state).toBe('done'));
    expect(swarm.of('id-zero1')).toBe('active');
    expect(runner.news(null)?.message.run.drill?.state).toBe('done');
    expect(notified.mock.calls.length).toBeGreaterThanOrEqual(2);
  });

  test('restores the node before the server stops, retrying while the engine is unreachable', async () => {
    const swarm = aSwarm();
    const { id, drill, get, runner, clock } = await begun(swarm);
    drill();
    await until(() => expect(get(id).drill?.state).toBe('out'));
    swarm.failures.push(new Error('engine away'), new Error('engine away'));
    const safe = vi.fn();
    const shutdown = runner.shutdown().then(safe);
    await until(() => expect(get(id).drill?.problem).toBe('engine away'));
    expect(get(id).drill?.state).toBe('returning');
    expect(safe).not.toHaveBeenCalled();
    for (let i = 0; i < 2; i++) {
      await until(() => expect(clock.pending).toBe(1));
      clock.advance(5000);
    }
    await shutdown;
    expect(swarm.of('id-zero1')).toBe('active');
    expect(get(id).drill).toMatchObject({ state: 'done', problem: null });
  });

  test('ended while it starts: restores the node after the start', async () => {
    const swarm = aSwarm();
    const release = swarm.holdBack();
    const { id, drill, get, runner } = await begun(swarm);
    drill();
    runner.stop(id);
    expect(get(id).drill?.state).toBe('starting');
    release();
    await until(() => expect(get(id).drill?.state).toBe('done'));
    expect(swarm.of('id-zero1')).toBe('active');
  });

  test('without an answer: restores the node and reports the failure', async () => {
    const swarm = aSwarm();
    const { id, drill, get } = await begun(swarm);
    // The change is made, but its answer is lost.
    swarm.availability.set('id-zero1', 'drain');
    swarm.failures.push(new Error('no answer in time'));
    drill();
    await until(() => expect(get(id).drill?.state).toBe('failed'));
    expect(get(id).drill?.problem).toBe('no answer in time');
    expect(swarm.of('id-zero1')).toBe('active');
  });

  test('keeps an availability that was changed by hand', async () => {
    const swarm = aSwarm();
    const { id, drill, get, runner } = await begun(swarm);
    drill();
    await until(() => expect(get(id).drill?.state).toBe('out'));
    swarm.availability.set('id-zero1', 'pause');
    runner.endDrill(id);
    await until(() => expect(get(id).drill?.state).toBe('done'));
    expect(swarm.of('id-zero1')).toBe('pause');
    expect(get(id).drill?.problem).toBe('zero1 stays paused, as somebody chose during the drill.');
  });

  test('is refused while another is active or without an active run', async () => {
    const swarm = aSwarm();
    const { id, drill, get, runner } = await begun(swarm);
    drill();
    expect(drill()).toMatchObject({ ok: false, why: { kind: 'drill-in-progress' } });
    await until(() => expect(get(id).drill?.state).toBe('out'));
    runner.stop(id);
    expect(drill()).toMatchObject({ ok: false, why: { kind: 'run-ended' } });
    const nowhere = runner.drill('nosuch', { kind: 'kill', task: 'x' }, viewOf(1));
    expect(nowhere).toMatchObject({ ok: false, why: { kind: 'not-found' } });
    expect(runner.endDrill('nosuch')).toBeNull();
  });

  test('kills a task on the own node and attributes the failure to the drill', async () => {
    const swarm = aSwarm();
    const { id, get, runner, setView, view, clock } = await begun(swarm);
    const here = { nodeId: 'id-ctrl' };
    setView({ tasks: [aTask({ slot: 1, ...here }), ...tasksInSlots(2, 3)] });
    expect(runner.drill(id, { kind: 'kill', task: 'goweb.2' }, view())).toMatchObject({
      ok: false,
      why: { kind: 'not-drillable' },
    });
    clock.advance(1000);
    runner.drill(id, { kind: 'kill', task: 'goweb.1' }, view());
    await until(() => expect(get(id).drill?.state).toBe('done'));
    expect(swarm.killed).toHaveBeenCalledExactlyOnceWith(containerOfSlot(1));
    setView({ tasks: [aTask({ slot: 1, ...here, state: 'failed' }), ...tasksInSlots(2, 3)] });
    clock.advance(1000);
    expect(get(id).marks).toMatchObject([{ text: 'goweb.1 on ctrl died', drill: true }]);
  });
});
