import { describe, expect, test, vi } from 'vitest';
import { liveMessageSchema } from '@/lib/api';
import { aRequest } from '@/tests/factories/curl';
import { aService, aTask, containerOfSlot, tasksInSlots } from '@/tests/factories/view';
import { encodeRun } from './encode-run';
import { createRunner } from './runner';
import {
  BAD,
  closedPort,
  echo,
  inTurn,
  listen,
  reply,
  response,
  until,
} from '@/tests/support/listener';
import { mesh, runOf, setUp, viewOf } from '@/tests/support/runs';

describe('a run from start to end', () => {
  test('uses a new connection for each request and is even to within one', async () => {
    const listener = await listen(mesh(1, 2, 3));
    const { start, ticks, ended, get, clock } = setUp(listener.port);
    const { id, url, planned } = start({ rate: 20, seconds: 1 });
    expect(planned).toBe(20);
    expect(url).toBe(`http://127.0.0.1:${listener.port}/Hello!`);
    await ticks(id, 20, 50);
    await ended(id);
    const run = get(id);
    expect(run).toMatchObject({
      ended: 'finished',
      sent: 20,
      answered: 20,
      failed: 0,
      skipped: 0,
      connections: 20,
      repeats: 0,
      spread: 1,
      errors: {},
      verdict: 'Round robin: even to within 1 request',
    });
    expect(listener.seen).toBe(20);
    expect(run.shares.map((share) => share.answers)).toEqual([7, 7, 6]);
    expect(clock.pending).toBe(0);
  });

  test('a run and a drill report their start and their end', async () => {
    const listener = await listen(mesh(1));
    const actions: string[] = [];
    const { start, ticks, ended, runner, view, clock } = setUp(listener.port, {
      onAction: ({ kind, text, bad }) => actions.push(`${kind}: ${text}${bad ? ' !' : ''}`),
      drillActions: {
        drainNode: () => Promise.resolve(true),
        restoreNode: () => Promise.resolve(null),
        killContainer: () => Promise.reject(new Error('No such container.')),
      },
    });
    const { id } = start({ rate: 5, seconds: 2 });
    expect(runner.drill(id, { kind: 'drain', node: 'zero1', seconds: 5 }, view()).ok).toBe(true);
    await until(() => expect(runOf(runner, id).drill?.state).toBe('out'));
    await ticks(id, 10, 200);
    await ended(id);
    clock.advance(5000);
    await until(() => expect(actions).toHaveLength(4));
    expect(actions).toEqual([
      'run started: Curl run to goweb started (5/s × 2 s)',
      'drill started: Failure drill started: zero1 is drained',
      'run ended: Curl run to goweb ended (10 requests)',
      'drill ended: Failure drill ended: zero1 was restored',
    ]);
  });

  test('once: sends one request', async () => {
    const listener = await listen(mesh(2));
    const { start, ended, get } = setUp(listener.port);
    const { id } = start({ mode: 'once' });
    await ended(id);
    expect(get(id)).toMatchObject({ planned: 1, sent: 1, verdict: 'goweb.2 answered' });
    expect(listener.seen).toBe(1);
  });

  test('on the real clock: sends or skips every tick, none early', async () => {
    const listener = await listen(mesh(1, 2, 3));
    const view = viewOf(listener.port);
    const runner = createRunner({ view: () => view, refresh: () => Promise.resolve(view) });
    const take = encodeRun(runner);
    const answers: { lag: number; ms: number; connectMs: number | null }[] = [];
    runner.subscribe(() => {
      const message = liveMessageSchema.parse(JSON.parse(take() ?? 'null'));
      if (message.kind === 'run') answers.push(...message.answers);
    });
    const started = runner.start(
      aRequest({ publishedPort: listener.port, rate: 20, seconds: 1 }),
      view,
    );
    if (!started.ok) throw new Error(started.why.detail);
    await until(() => expect(runOf(runner, started.run.id).state).toBe('ended'));
    const run = runOf(runner, started.run.id);
    expect(run.sent + run.skipped).toBe(20);
    expect([run.connections, listener.seen, run.answered]).toEqual([run.sent, run.sent, run.sent]);
    expect(run.spread).toBeLessThanOrEqual(1);
    expect(answers).toHaveLength(run.sent);
    for (const { lag, ms, connectMs } of answers) {
      expect(lag).toBeGreaterThanOrEqual(0);
      // Rounded to 0.01 ms each.
      expect(ms).toBeGreaterThanOrEqual(lag + (connectMs ?? NaN) - 0.02);
    }
  });
});

describe('open loop', () => {
  test('skips and counts a tick without a free place instead of sending it late', async () => {
    const listener = await listen(BAD.silent);
    const { runner, start, get, clock } = setUp(listener.port);
    const { id } = start();
    clock.advance(1800);
    expect(get(id)).toMatchObject({ sent: 4, skipped: 6 });
    await until(() => expect(get(id).connections).toBe(4));
    await until(() => expect(listener.seen).toBe(4));
    clock.advance(2000);
    expect(get(id)).toMatchObject({ failed: 4, errors: { 'read timeout': 4 } });
    expect(runner.seconds(id)?.slice(0, 2)).toEqual([
      { second: 0, answers: {}, failed: 4, skipped: 1 },
      { second: 1, answers: {}, failed: 0, skipped: 5 },
    ]);
    expect(runner.seconds('nosuch')).toBeNull();
  });

  test('measures latency from the tick, not from sending', async () => {
    const listener = await listen(mesh(1));
    const { runner, start, ticks, get, clock } = setUp(listener.port);
    const { id } = start();
    await ticks(id, 0);
    await until(() => expect(get(id).answered).toBe(1));
    clock.stall(240);
    clock.advance(0);
    await until(() => expect(get(id).answered).toBe(2));
    runner.stop(id);
    const late = runner.news(null)?.message.answers.at(-1);
    expect(late).toMatchObject({ n: 2, at: 200, lag: 40, ms: 40 });
  });
});

test('counts each kind of failure and continues', async () => {
  const elsewhere = await listen(reply(echo('a')));
  const listener = await listen(
    inTurn(
      BAD.redirect(elsewhere.port),
      reply(response('404 Not Found')),
      BAD.silent,
      BAD.garbage,
      BAD.huge,
      BAD.drip,
      BAD.headers,
      BAD.reset,
      reply(response('500 Oh')),
      reply(response('200 OK', '<html>admin</html>')),
      mesh(1),
      reply(echo('feedfacecafe')),
    ),
  );
  // A refresh returns no newer view.
  const { runner, start, get, clock } = setUp(listener.port);
  const { id } = start({ rate: 1, seconds: 30 });
  for (let tick = 1; tick <= 24; tick++) {
    // Answered, or silent until its timeout while the next ticks continue.
    await until(() => {
      const run = get(id);
      const waiting = run.sent - run.answered - run.failed;
      expect(run.connections).toBe(tick);
      expect(waiting).toBeLessThanOrEqual(
        tick % 12 === 3 || tick % 12 === 6 ? 1 : waitingFrom(tick),
      );
    });
    clock.advance(1000);
  }
  runner.stop(id);
  const run = get(id);
  expect(run.errors).toEqual({
    '3xx': 2,
    '4xx': 2,
    'read timeout': 4,
    'bad body': 8,
    reset: 2,
    '5xx': 2,
    'unknown container': 2,
  });
  expect(run.skipped).toBe(0);
  expect(elsewhere.seen).toBe(0);
  await until(() => expect(listener.open).toBe(0));

  /** The silent and the slow one time out two ticks later. */
  function waitingFrom(tick: number): number {
    return [4, 5, 7, 8].includes(tick % 12) ? 1 : 0;
  }
});

describe('ends by itself', () => {
  test('after ten consecutive connect failures', async () => {
    const { start, ticks, get } = setUp(await closedPort());
    const { id } = start();
    await ticks(id, 12);
    expect(get(id)).toMatchObject({
      ended: 'connect failures',
      sent: 10,
      connections: 0,
      errors: { refused: 10 },
      verdict: 'No answers: all 10 requests failed (connection refused)',
    });
  });

  test('when more than half of the answers of five seconds are errors', async () => {
    const listener = await listen(reply(response('500 Oh')));
    const { start, ticks, get } = setUp(listener.port);
    const { id } = start();
    await ticks(id, 25);
    expect(get(id)).toMatchObject({ ended: 'too many errors', sent: 20, failed: 20 });
    expect(listener.seen).toBe(20);
  });

  test('counts requests in flight as aborted, so that the numbers add up', async () => {
    const listener = await listen(BAD.hangUp);
    const { start, ended, get } = setUp(listener.port);
    const { id } = start({ mode: 'burst', burst: 100, inFlight: 4 });
    await ended(id);
    const { sent, answered, failed, aborted } = get(id);
    expect(failed).toBe(20);
    expect(aborted).toBe(3);
    expect(answered + failed + aborted).toBe(sent);
  });

  test('when the service is removed', async () => {
    const listener = await listen(mesh(1));
    const { start, ticks, get, setView } = setUp(listener.port);
    const { id } = start();
    await ticks(id, 2);
    setView({ services: [], tasks: [] });
    await ticks(id, 1);
    expect(get(id)).toMatchObject({ ended: 'service gone', sent: 3 });
  });

  test.each([
    ['its port is published no more', aService({ ports: [] })],
    ['it is closed to the curl panel', aService({ curl: false })],
  ])('when %s', async (_how, service) => {
    const listener = await listen(mesh(1));
    const { start, ticks, get, setView } = setUp(listener.port);
    const { id } = start();
    await ticks(id, 1);
    setView({ services: [service] });
    await ticks(id, 1);
    expect(get(id)).toMatchObject({ ended: 'service gone', sent: 2 });
    expect(listener.seen).toBe(2);
  });

  test('three seconds after the last subscriber left, with every socket destroyed', async () => {
    const listener = await listen(BAD.silent);
    const { runner, start, get, clock } = setUp(listener.port);
    const leave = [runner.subscribe(() => {}), runner.subscribe(() => {})];
    const { id } = start({ rate: 1 });
    await until(() => expect(listener.open).toBe(1));
    leave[0]?.();
    clock.advance(1000);
    leave[1]?.();
    clock.advance(2900);
    expect(get(id).state).toBe('running');
    clock.advance(100);
    expect(get(id).ended).toBe('nobody watching');
    await until(() => expect(listener.open).toBe(0));
    expect(clock.pending).toBe(0);
  });

  test('also when the last subscriber left just before the start', async () => {
    const listener = await listen(mesh(1));
    const { runner, start, get, clock } = setUp(listener.port);
    const leave = runner.subscribe(() => {});
    leave();
    clock.advance(2900);
    const { id } = start({ rate: 1 });
    clock.advance(2900);
    expect(get(id).state).toBe('running');
    clock.advance(100);
    expect(get(id).ended).toBe('nobody watching');
    // A program starts runs without viewers.
    const { id: later } = start({ rate: 1 });
    clock.advance(3000);
    expect(get(later).state).toBe('running');
    runner.stop(later);
  });

  test('not when a subscriber returns in time, nor when there never was one', async () => {
    const listener = await listen(mesh(1));
    const { runner, start, ticks, get } = setUp(listener.port);
    const { id } = start();
    await ticks(id, 20);
    const leave = runner.subscribe(() => {});
    leave();
    leave();
    await ticks(id, 10);
    runner.subscribe(() => {});
    await ticks(id, 30);
    expect(get(id)).toMatchObject({ ended: 'finished', sent: 50 });
  });
});

describe('stop', () => {
  test('destroys every socket and counts unanswered requests as sent only', async () => {
    const listener = await listen(BAD.silent);
    const { runner, start, get, clock } = setUp(listener.port);
    const { id } = start();
    clock.advance(600);
    await until(() => expect(listener.open).toBe(4));
    expect(runner.stop(id)).toMatchObject({
      state: 'ended',
      ended: 'stopped',
      sent: 4,
      answered: 0,
      failed: 0,
      verdict: 'No answers: stopped before the first one',
    });
    await until(() => expect(listener.open).toBe(0));
    expect(clock.pending).toBe(0);
    clock.advance(60_000);
    expect(get(id)).toMatchObject({ sent: 4, failed: 0, errors: {} });
  });

  test('returns the same run when called twice or after the end', async () => {
    const listener = await listen(mesh(1));
    const { runner, start } = setUp(listener.port);
    const { id } = start();
    const first = runner.stop(id);
    expect(runner.stop(id)).toEqual(first);
    expect(runner.stop('nosuch')).toBeNull();
    expect(runner.get('nosuch')).toBeNull();
  });

  test('shutdown ends the run and refuses new ones', async () => {
    const listener = await listen(BAD.silent);
    const { runner, start, get } = setUp(listener.port);
    const { id } = start();
    await until(() => expect(listener.open).toBe(1));
    void runner.shutdown();
    expect(get(id).ended).toBe('shutdown');
    expect(() => start()).toThrow('shutting down');
    await until(() => expect(listener.open).toBe(0));
  });
});

describe('one run at a time', () => {
  test('refuses a second run while one is active, and sends nothing', async () => {
    const [first, second] = [await listen(BAD.silent), await listen(mesh(1))];
    const { runner, start } = setUp(first.port);
    const { id } = start({ mode: 'once' });
    const refused = runner.start(aRequest({ publishedPort: second.port }), viewOf(second.port));
    expect(refused).toMatchObject({ ok: false, why: { kind: 'run-in-progress' } });
    await until(() => expect(first.seen).toBe(1));
    expect(second.seen).toBe(0);
    runner.stop(id);
    const next = runner.start(
      aRequest({ publishedPort: second.port, mode: 'once' }),
      viewOf(second.port),
    );
    expect(next.ok).toBe(true);
  });

  test('refuses a target that may not be dialled, and sends nothing', async () => {
    const listener = await listen(mesh(1));
    const { runner, clock, view: now } = setUp(listener.port);
    const view = now();
    for (const over of [{ path: '//evil' }, { service: '127.0.0.1' }, { entryNode: 'zero9' }]) {
      const refused = runner.start(aRequest({ publishedPort: listener.port, ...over }), view);
      expect(refused.ok).toBe(false);
    }
    expect(clock.pending).toBe(0);
    expect(runner.news(null)).toBeNull();
    // A good request afterwards is the first that the listener sees.
    runner.start(aRequest({ publishedPort: listener.port, mode: 'once' }), view);
    await until(() => expect(listener.seen).toBe(1));
  });

  test('keeps the last twenty runs', async () => {
    const listener = await listen(mesh(1));
    const { runner, start } = setUp(listener.port);
    const ids: string[] = [];
    for (let i = 0; i < 22; i++) {
      const { id } = start({ mode: 'once' });
      runner.stop(id);
      ids.push(id);
    }
    expect(ids.map((id) => runner.get(id) !== null)).toEqual([
      false,
      false,
      ...Array.from({ length: 20 }, () => true),
    ]);
  });
});

describe('an unknown container', () => {
  test('is looked up once by a refresh', async () => {
    const listener = await listen(mesh(4));
    const { start, ticks, get, refresh, setView } = setUp(listener.port, {
      refresh: () => {
        return Promise.resolve(setView({ tasks: tasksInSlots(1, 4) }));
      },
    });
    const { id } = start();
    await ticks(id, 3);
    await until(() => expect(get(id).answered).toBe(4));
    expect(refresh).toHaveBeenCalledTimes(1);
    const run = get(id);
    expect(run.errors).toEqual({});
    expect(run.shares.map((share) => [share.name, share.answers])).toEqual([
      ['goweb.1', 0],
      ['goweb.4', 4],
      // Their slots keep their rows.
      ['goweb.2', 0],
      ['goweb.3', 0],
    ]);
  });

  test('that no refresh identifies is looked up once and counts as answered', async () => {
    const listener = await listen(reply(echo('feedfacecafe')));
    const { start, ticks, get, refresh } = setUp(listener.port);
    const { id } = start();
    await ticks(id, 4);
    await until(() => expect(get(id).answered).toBe(5));
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(get(id)).toMatchObject({ failed: 0, errors: { 'unknown container': 5 } });
  });

  test('is looked up after a refresh that a failure caused', async () => {
    const listener = await listen((socket, n) => (n === 1 ? BAD.reset : mesh(4))(socket, n));
    const refreshed = [
      viewOf(listener.port),
      viewOf(listener.port, { tasks: [aTask({ slot: 4 })] }),
    ];
    const { start, get, clock, refresh } = setUp(listener.port, {
      refresh: () => Promise.resolve(refreshed.shift() ?? null),
    });
    const { id } = start({ rate: 10 });
    await until(() => expect(get(id).failed).toBe(1));
    clock.advance(100);
    await until(() => {
      clock.advance(10);
      expect(refresh).toHaveBeenCalledTimes(2);
    });
    expect(clock.now()).toBeGreaterThanOrEqual(500);
    await until(() => expect(get(id).answered).toBeGreaterThan(0));
    expect(get(id).errors).toEqual({ reset: 1 });
  });

  test('does not exist for a service that names no container', async () => {
    const listener = await listen(reply(response('200 OK', '<h1>Welcome to nginx!</h1>')));
    const { start, get, ticks, setView, refresh } = setUp(listener.port);
    const [goweb] = viewOf(listener.port).services;
    setView({ services: goweb ? [{ ...goweb, echo: false }] : [] });
    const { id } = start();
    await ticks(id, 3);
    expect(get(id)).toMatchObject({ failed: 0, errors: {}, repeats: null, spread: null });
    expect(refresh).not.toHaveBeenCalled();
  });

  test('of a service that prints its hostname is looked up by a refresh', async () => {
    const text = `Hostname: ${containerOfSlot(4)}`;
    const listener = await listen(reply(response('200 OK', text)));
    const [goweb] = viewOf(listener.port).services;
    const services = goweb ? [{ ...goweb, echo: false }] : [];
    const { start, ended, get, setView } = setUp(listener.port, {
      refresh: () => Promise.resolve(setView({ services, tasks: [aTask({ slot: 4 })] })),
    });
    setView({ services });
    const { id } = start({ mode: 'once' });
    await ended(id);
    expect(get(id)).toMatchObject({ errors: {}, verdict: 'goweb.4 answered' });
  });

  test('does not wait for an engine that fails or does not answer', async () => {
    const listener = await listen(inTurn(reply(echo('feedfacecafe')), reply(echo('decafdecafde'))));
    const refusals = [new Promise<null>(() => {}), Promise.reject(new Error('engine stopped'))];
    refusals[1]?.catch(() => {});
    const { start, get, clock, refresh } = setUp(listener.port, {
      refresh: () => refusals.shift() ?? Promise.resolve(null),
    });
    const { id } = start({ rate: 1 });
    await until(() => expect(refresh).toHaveBeenCalledTimes(1));
    expect(get(id).answered).toBe(0);
    clock.advance(1000);
    expect(get(id)).toMatchObject({ errors: { 'unknown container': 1 } });
    await until(() => expect(get(id).connections).toBe(2));
    clock.advance(1000);
    await until(() => expect(get(id).answered).toBeGreaterThanOrEqual(2));
  });

  test('records an answer that waits for a refresh when the run is stopped', async () => {
    const listener = await listen(reply(echo('feedfacecafe')));
    const { runner, start, refresh } = setUp(listener.port, {
      refresh: () => new Promise(() => {}),
    });
    const { id } = start();
    await until(() => expect(refresh).toHaveBeenCalled());
    expect(runner.stop(id)).toMatchObject({ answered: 1, errors: { 'unknown container': 1 } });
  });
});

test('a change of tasks starts a new fairness window', async () => {
  let manner = mesh(1, 2, 3);
  const listener = await listen((socket, n) => manner(socket, n));
  const { start, ticks, get, setView } = setUp(listener.port);
  const { id } = start();
  await ticks(id, 8);
  await until(() => expect(get(id).answered).toBe(9));
  manner = mesh(1, 2, 3, 4);
  setView({ tasks: tasksInSlots(1, 2, 3, 4) });
  await ticks(id, 12);
  await until(() => expect(get(id).answered).toBe(21));
  const run = get(id);
  expect(run.spread).toBeLessThanOrEqual(1);
  expect(run.verdict).toBe('Round robin since the tasks changed: even to within 1 request');
});

describe('a subscriber', () => {
  test('is notified at most every 250 ms, and at once at the start and the end', async () => {
    const listener = await listen(mesh(1, 2, 3));
    const { runner, start, ticks, ended, clock } = setUp(listener.port);
    const notified: number[] = [];
    runner.subscribe(() => notified.push(clock.now()));
    const { id } = start({ rate: 20, seconds: 1 });
    expect(notified).toEqual([0]);
    await ticks(id, 19, 50);
    await ended(id);
    expect(notified).toEqual([0, 250, 500, 750, 950]);
  });

  test('receives every answer once, with the run as of then', async () => {
    const listener = await listen(mesh(1, 2, 3));
    const { runner, start, ticks, ended } = setUp(listener.port);
    const take = encodeRun(runner);
    const seen: number[] = [];
    const resets: boolean[] = [];
    runner.subscribe(() => {
      const message = liveMessageSchema.parse(JSON.parse(take() ?? 'null'));
      if (message.kind !== 'run') throw new Error('not a run');
      seen.push(...message.answers.map((answer) => answer.n));
      resets.push(message.reset);
      expect(seen).toHaveLength(message.run.answered);
    });
    const { id } = start();
    await ticks(id, 50);
    await ended(id);
    expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(resets.indexOf(true)).toBe(0);
    expect(resets.lastIndexOf(true)).toBe(0);
    expect(take()).toBeNull();
  });

  test('that is late or slow receives the newest answers, not a queue', async () => {
    const listener = await listen(mesh(1, 2, 3));
    const { runner, start, ticks, ended } = setUp(listener.port, {}, { lateAnswers: 10 });
    const { id } = start();
    const early = runner.news(null);
    expect(early).toMatchObject({ message: { answers: [], reset: true } });
    await ticks(id, 50);
    await ended(id);
    const expected = Array.from({ length: 10 }, (_, i) => 41 + i);
    for (const cursor of [null, early?.cursor ?? null]) {
      const news = runner.news(cursor)?.message;
      expect(news?.reset).toBe(true);
      expect(news?.answers.map((answer) => answer.n)).toEqual(expected);
    }
  });

  test('receives a new run from its start', async () => {
    const listener = await listen(mesh(1));
    const { runner, start, ticks } = setUp(listener.port);
    const first = start();
    await ticks(first.id, 3);
    runner.stop(first.id);
    const cursor = runner.news(null)?.cursor ?? null;
    const second = start();
    expect(runner.news(cursor)?.message).toMatchObject({
      run: { id: second.id },
      answers: [],
      reset: true,
    });
  });
});

test('keeps polling while a run is active', async () => {
  const listener = await listen(mesh(1));
  const release = vi.fn();
  const hold = vi.fn(() => release);
  const { runner, start } = setUp(listener.port, { keepPolling: hold });
  expect(hold).not.toHaveBeenCalled();
  const { id } = start();
  expect(hold).toHaveBeenCalledTimes(1);
  expect(release).not.toHaveBeenCalled();
  runner.stop(id);
  expect(release).toHaveBeenCalledTimes(1);
});
