import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aMoment, anAnswer, anEntryPoint, aRun, tallyOptions } from '@/tests/factories/curl';
import { aService, aTask, aView, tasksInSlots } from '@/tests/factories/view';
import { ERROR_KINDS, type Answer } from './run';
import { runSchema } from './run-schemas';
import { MAX_UNKNOWN, Tally } from './tally';

function started(view = aView()): Tally {
  const tally = new Tally(tallyOptions());
  tally.applyView(view, aMoment(0));
  return tally;
}

/** Sends and answers in order: a number is a slot, null a refusal. */
function play(tally: Tally, slots: (number | null)[]) {
  for (const slot of slots) tally.add(anAnswer(tally.send(), slot));
  return tally.summary(true);
}

test('lists running tasks without answers, by slot', () => {
  const { shares } = play(started(), [3, 3]);
  expect(shares.map(({ name, answers, share, p50 }) => [name, answers, share, p50])).toEqual([
    ['goweb.1', 0, 0, null],
    ['goweb.2', 0, 0, null],
    ['goweb.3', 2, 1, 5],
  ]);
});

test('keeps an ended task that has answered, after the running ones', () => {
  const tally = started();
  play(tally, [1, 2, 3]);
  tally.applyView(aView({ tasks: tasksInSlots(2, 4) }), aMoment(1000));
  const { shares } = tally.summary(false);
  expect(shares.map((share) => share.name)).toEqual(['goweb.2', 'goweb.4', 'goweb.1', 'goweb.3']);
});

test('lists the last two tasks of a slot, also without answers', () => {
  const tally = started();
  tally.applyView(aView({ tasks: tasksInSlots(1) }), aMoment(1000));
  const listed = () => tally.summary(false).shares.map(({ name, running }) => [name, running]);
  expect(listed()).toEqual([
    ['goweb.1', true],
    ['goweb.2', false],
    ['goweb.3', false],
  ]);
  const next = aTask({ slot: 2, id: 'the next task of slot 2' });
  tally.applyView(aView({ tasks: [...tasksInSlots(1), next] }), aMoment(2000));
  expect(tally.summary(false).shares.map(({ taskId }) => taskId)).toContain(next.id);
  const replaced = [
    ['goweb.1', true],
    ['goweb.2', true],
    ['goweb.2', false],
    ['goweb.3', false],
  ];
  expect(listed()).toEqual(replaced);
  const last = aTask({ slot: 2, id: 'the last task of slot 2' });
  tally.applyView(aView({ tasks: [...tasksInSlots(1), last] }), aMoment(3000));
  expect(listed()).toEqual(replaced);
  const ids = tally.summary(false).shares.map(({ taskId }) => taskId);
  expect(ids).toEqual(['task-1', last.id, next.id, 'task-3']);
});

test('computes repeats and spread by send order, not by arrival', () => {
  const tally = started();
  for (let i = 0; i < 6; i++) tally.send();
  for (const n of [6, 1, 5, 2, 4, 3]) tally.add(anAnswer(n, ((n - 1) % 3) + 1));
  expect(tally.summary(true)).toMatchObject({ repeats: 0, spread: 0, answered: 6 });
});

test('a failure between two answers does not separate them', () => {
  expect(play(started(), [1, null, 1, null, 1])).toMatchObject({ repeats: 1, failed: 2 });
});

test('counts errors by kind; an unknown container counts as answered', () => {
  const tally = started();
  tally.add(anAnswer(tally.send(), null, { error: 'refused' }));
  tally.add(anAnswer(tally.send(), null, { error: '5xx', status: 500 }));
  tally.add(
    anAnswer(tally.send(), null, { error: 'unknown container', container: 'feedfacecafe' }),
  );
  const summary = tally.summary(true);
  expect(summary).toMatchObject({ sent: 3, answered: 1, failed: 2 });
  expect(summary.errors).toEqual({ refused: 1, '5xx': 1, 'unknown container': 1 });
  expect(summary.shares.at(-1)).toMatchObject({ taskId: null, name: 'feedfacecafe', share: 1 });
});

test('lists at most MAX_UNKNOWN unknown containers', () => {
  const tally = started(aView({ tasks: [] }));
  for (let i = 0; i < 500; i++) {
    const container = `made-up-${i}`;
    tally.add(anAnswer(tally.send(), null, { error: 'unknown container', container }));
  }
  const { shares } = tally.summary(true);
  expect(shares).toHaveLength(MAX_UNKNOWN + 1);
  expect(shares.find((share) => share.name === 'other containers')?.answers).toBe(
    500 - MAX_UNKNOWN,
  );
});

test('counts requests in flight at the end as aborted', () => {
  const tally = started();
  for (let i = 0; i < 4; i++) tally.send();
  tally.add(anAnswer(2, 2));
  tally.add(anAnswer(3, 3));
  expect(tally.summary(false).spread).toBeNull();
  tally.abort(1);
  tally.abort(4);
  expect(tally.summary(true)).toMatchObject({
    sent: 4,
    answered: 2,
    failed: 0,
    aborted: 2,
    spread: 1,
  });
});

test('computes latencies from good answers only', () => {
  const tally = started();
  tally.add(anAnswer(tally.send(), 1, { ms: 10 }));
  tally.add(anAnswer(tally.send(), null, { ms: 2000 }));
  tally.add(anAnswer(tally.send(), 2, { ms: 30 }));
  expect(tally.summary(true)).toMatchObject({ p50: 10, p95: 30 });
});

describe('with any outcomes', () => {
  const outcome = fc.record({
    slot: fc.option(fc.integer({ min: 1, max: 5 })),
    error: fc.constantFrom(...ERROR_KINDS),
    ms: fc.double({ min: 0, max: 4000, noNaN: true }),
  });

  test('the sums hold and the run matches its schema', () => {
    fc.assert(
      fc.property(fc.array(outcome), fc.integer({ min: 0, max: 5 }), (outcomes, changeAt) => {
        const tally = started();
        const good: Answer[] = [];
        outcomes.forEach(({ slot, error, ms }, i) => {
          if (i === changeAt) tally.applyView(aView({ tasks: tasksInSlots(2, 3, 4) }), aMoment(i));
          const answer = anAnswer(tally.send(), slot, {
            ms,
            ...(slot === null ? { error, container: error } : {}),
          });
          if (slot !== null || error === 'unknown container') good.push(answer);
          tally.add(answer);
        });
        const summary = tally.summary(true);
        const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
        expect(summary.answered + summary.failed).toBe(summary.sent);
        expect(summary.answered).toBe(good.length);
        expect(sum(summary.shares.map((share) => share.answers))).toBe(summary.answered);
        const whole = good.length > 0 ? 1 : 0;
        expect(sum(summary.shares.map((share) => share.share))).toBeCloseTo(whole, 9);
        const unknown = summary.errors['unknown container'] ?? 0;
        expect(sum(Object.values(summary.errors))).toBe(summary.failed + unknown);
        expect(summary.verdict).not.toMatch(/undefined|null|NaN|\?/);
        const fields = runSchema.safeParse(aRun(summary));
        expect(fields.error).toBeUndefined();
      }),
    );
  });
});

describe('several entry nodes', () => {
  const entries = [anEntryPoint('ctrl'), anEntryPoint('zero1', '172.19.181.1')];

  /** Each request enters at the given node and is answered by the slot, or fails. */
  function enter(requests: [entry: number, slot: number | null][]) {
    const tally = new Tally(tallyOptions({ entries }));
    tally.applyView(aView(), aMoment(0));
    for (const [entry, slot] of requests) {
      const over = { entryNodeId: entries[entry]?.nodeId ?? '' };
      tally.add(anAnswer(tally.send(entry), slot, over));
    }
    return tally.summary(true);
  }
  const inTurns = (rounds: number): [number, number][] =>
    Array.from({ length: rounds * 3 }, (_, i) => i).flatMap((i): [number, number][] => [
      [0, (i % 3) + 1],
      [1, (i % 3) + 1],
    ]);

  test('computes repeats per entry node', () => {
    // Both begin at task 1, so that in send order it is 1 1 2 2 3 3.
    const run = enter(inTurns(5));
    expect(run).toMatchObject({ repeats: 0, spread: 0, sent: 30 });
    expect(run.entries).toMatchObject([
      { name: 'ctrl', sent: 15, answered: 15, failed: 0, answers: [5, 5, 5], spread: 0 },
      { name: 'zero1', sent: 15, answered: 15, failed: 0, answers: [5, 5, 5], spread: 0 },
    ]);
    expect(run.verdict).toBe('Round robin at each of 2 entry nodes: even to within 1 request');
    expect(run.details).toMatchObject({ answers: 30, tasks: 3, jain: 1, chi2: 0, df: 4, p: 1 });
  });

  test('takes the largest spread', () => {
    const run = enter([...inTurns(5), [1, 1], [1, 1], [1, 1]]);
    expect(run.spread).toBe(3);
    expect(run.entries.map((entry) => entry.spread)).toEqual([0, 3]);
  });

  describe('a task that one entry node does not reach', () => {
    const withFourth = aView({ tasks: [...aView().tasks, aTask({ slot: 4 })] });
    /** Three tasks answer in turn, then there are four and `more` follows: what is missing where. */
    function scaled(more: [number, number | null][], connection: 'new' | 'keepAlive' = 'new') {
      const tally = new Tally(tallyOptions({ entries, connection }));
      tally.applyView(aView(), aMoment(0));
      for (const [entry, slot] of inTurns(5)) tally.add(anAnswer(tally.send(entry), slot));
      tally.applyView(withFourth, aMoment(6000));
      for (const [entry, slot] of more) tally.add(anAnswer(tally.send(entry), slot));
      return tally.summary(false).entries.map(({ missing }) => missing);
    }

    test('is not missing before its turn is due', () => {
      expect(scaled([])).toEqual([[], []]);
      expect(scaled(inTurns(1))).toEqual([[], []]);
    });

    test('is not missing while the mesh restarts its round robin', () => {
      expect(scaled(inTurns(2))).toEqual([[], []]);
      expect(scaled([...inTurns(2), [0, 4], [1, 4]])).toEqual([[], []]);
    });

    test('is missing afterwards where it did not answer', () => {
      const reached: [number, number][] = [1, 2, 3, 4].map((slot) => [0, slot]);
      expect(scaled([...inTurns(9), ...reached])).toEqual([[], ['task-4']]);
      expect(scaled(inTurns(9), 'keepAlive')).toEqual([[], []]);
    });

    test('is missing when failures took its turns', () => {
      const nothing = Array.from({ length: 5 }, (): [number, null] => [1, null]);
      expect(scaled(nothing)).toEqual([[], ['task-1', 'task-2', 'task-3', 'task-4']]);
    });
  });

  test('names an entry node without answers', () => {
    const run = enter(inTurns(5).map(([entry, slot]) => [entry, entry === 1 ? null : slot]));
    expect(run.entries[1]).toMatchObject({ answered: 0, failed: 15, answers: [0, 0, 0] });
    expect(run.verdict).toMatch(/; no answers through zero1$/);
  });
});

describe('kept connections', () => {
  const kept = (connections: number, slots: number[]) => {
    const tally = new Tally(tallyOptions({ connection: 'keepAlive' }));
    tally.applyView(aView(), aMoment(0));
    for (let i = 0; i < connections; i++) tally.connect();
    return play(tally, slots);
  };

  test('stay with one task, and the verdict has the reason', () => {
    const run = kept(1, [2, 2, 2, 2, 2, 2]);
    expect(run.repeats).toBe(1);
    expect(run.verdict).toBe(
      'Sticks to goweb.2: 1 kept connection, and the mesh chooses a replica per connection, not per request',
    );
  });

  test('several stay each with its own task', () => {
    expect(kept(2, [1, 2, 1, 2, 1, 2, 1]).verdict).toBe(
      'No round robin: 2 kept connections, and the mesh chooses a replica per connection, not per request',
    );
  });

  test('take turns when the service closes them', () => {
    expect(kept(6, [1, 2, 3, 1, 2, 3]).verdict).toBe('Round robin: even to within 1 request');
  });
});

test('answers to HEAD identify no task, without an error', () => {
  const tally = new Tally(tallyOptions({ method: 'HEAD' }));
  tally.applyView(aView(), aMoment(0));
  for (let i = 0; i < 4; i++) {
    tally.add(anAnswer(tally.send(), 1, { taskId: null, container: null }));
  }
  const run = tally.summary(true);
  expect(run).toMatchObject({ answered: 4, failed: 0, errors: {} });
  expect(run.verdict).toBe('4 answers to HEAD: without a body the answering task is unknown');
  expect(run).toMatchObject({ repeats: null, spread: null, details: null });
  expect(run.entries[0]).toMatchObject({ repeats: null, spread: null });
});

test('counts answers without a hostname, without spread and repeats', () => {
  const tally = started();
  for (let i = 0; i < 4; i++) {
    tally.add(anAnswer(tally.send(), 1, { taskId: null, container: null }));
  }
  const run = tally.summary(true);
  expect(run).toMatchObject({ answered: 4, failed: 0, errors: {} });
  expect(run.verdict).toBe("4 answers without a container's name: the answering task is unknown");
  expect(run).toMatchObject({ repeats: null, spread: null, details: null });
  expect(run.entries[0]).toMatchObject({ repeats: null, spread: null, missing: [] });
});

test('answers that cannot be distinguished are not repeats', () => {
  const unknown = (container: string | null) => ({
    error: container === null ? null : ('unknown container' as const),
    taskId: null,
    container,
  });
  const tally = started(aView({ services: [aService({ hostname: 'web' })] }));
  for (const name of [null, null, 'web', 'web']) {
    tally.add(anAnswer(tally.send(), null, unknown(name)));
  }
  expect(tally.summary(true).repeats).toBeNull();
  for (let i = 0; i <= MAX_UNKNOWN + 1; i++) {
    tally.add(anAnswer(tally.send(), null, unknown(`strange-${i}`)));
  }
  expect(tally.summary(true).repeats).toBe(0);
  for (const slot of [1, 1]) tally.add(anAnswer(tally.send(), slot));
  expect(tally.summary(true).repeats).toBeGreaterThan(0);
});

test('reports that tasks with one hostname cannot be distinguished', () => {
  const tally = new Tally(tallyOptions());
  tally.applyView(aView({ services: [aService({ hostname: 'web' })] }), aMoment(0));
  for (let i = 0; i < 3; i++) {
    const over = { error: 'unknown container' as const, container: 'web' };
    tally.add(anAnswer(tally.send(), null, over));
  }
  expect(tally.summary(true).verdict).toMatch(/^The tasks share one hostname/);
});

test('has p99 from a hundred answers on', () => {
  const tally = started();
  for (let i = 1; i <= 99; i++) tally.add(anAnswer(tally.send(), 1, { ms: i, lag: i / 100 }));
  expect(tally.summary(true)).toMatchObject({ p99: null, lagP99: null });
  tally.add(anAnswer(tally.send(), 1, { ms: 100, lag: 1 }));
  expect(tally.summary(true)).toMatchObject({ p50: 50, p95: 95, p99: 99, lagP99: 0.99 });
  expect(tally.summary(true).shares[0]).toMatchObject({ p99: 99 });
});

test('marks a change with its cost', () => {
  const tally = started();
  for (let i = 0; i < 10; i++) tally.add(anAnswer(tally.send(0, i * 200), (i % 3) + 1));
  const dead = aTask({ slot: 2, state: 'failed', stateAt: aMoment(1900).time });
  expect(
    tally.applyView(
      aView({ tasks: [aTask({ slot: 1 }), dead, aTask({ slot: 3 })] }),
      aMoment(2100),
    ),
  ).toBe(true);
  tally.add(anAnswer(tally.send(0, 2000), null, { at: 2000 }));
  tally.add(anAnswer(tally.send(0, 2200), null, { at: 2200 }));
  expect(tally.summary(true).marks).toMatchObject([
    {
      at: 1900,
      n: 10,
      text: 'goweb.2 on zero1 died',
      cost: { lost: 2, firstLostMs: 100, lastLostMs: 300, firstAnswerMs: null },
    },
  ]);
});

test('failures at a node that cannot be reached are not the cost of a change', () => {
  const entries = [anEntryPoint('ctrl'), anEntryPoint('zero1', '172.19.181.1')];
  const tally = new Tally(tallyOptions({ entries }));
  tally.applyView(aView(), aMoment(0));
  const dead = aTask({ slot: 2, state: 'failed', stateAt: aMoment(1000).time });
  tally.applyView(aView({ tasks: [aTask({ slot: 1 }), dead] }), aMoment(1000));
  tally.add(anAnswer(tally.send(0, 1000), null, { at: 1000 }));
  tally.add(anAnswer(tally.send(1, 1200), null, { at: 1200 }));
  const lost = () => tally.summary(false).marks.map(({ cost }) => cost.lost);
  expect(lost()).toEqual([2]);
  tally.setUnreachable(new Map([['id-zero1', ['172.19.181.1']]]));
  expect(lost()).toEqual([1]);
});

test("a replacement's first answer is the one that was complete first, from its tick to its last byte", () => {
  const tally = started();
  const dead = aTask({ slot: 2, state: 'failed', stateAt: aMoment(1000).time });
  const next = aTask({ slot: 2, id: 'next', container: 'next' });
  const tasks = [aTask({ slot: 1 }), next, dead, aTask({ slot: 3 })];
  tally.applyView(aView({ tasks }), aMoment(1000));
  for (const [at, ms] of [
    [1200, 900],
    [1400, 300],
    [1600, 300],
  ] as const) {
    const n = tally.send(0, at);
    tally.add(anAnswer(n, 2, { taskId: 'next', container: 'next', at, ms }));
  }
  expect(tally.summary(true).marks).toMatchObject([{ cost: { firstAnswerMs: 700 } }]);
});

test('a change follows the requests whose ticks were not after it', () => {
  const tally = started();
  for (const at of [0, 200, 400, 600]) tally.add(anAnswer(tally.send(0, at), 1, { at }));
  const drained = (at: number) => {
    const nodes = aView().nodes.map((node, index) =>
      index === 0 ? { ...node, availability: 'drain' as const } : node,
    );
    tally.applyView(aView({ nodes }), aMoment(at));
    return tally.summary(true).marks.map(({ n }) => n);
  };
  expect(drained(400)).toEqual([3]);
});

test.each([
  ['in host mode', { publishMode: 'host' }, {}],
  ['without names', {}, { taskId: null, container: null }],
] as const)(
  'has no repeats and no spread %s, of the run and of its entry nodes',
  (_, over, answer) => {
    const tally = new Tally(tallyOptions(over));
    tally.applyView(aView(), aMoment(0));
    for (const slot of [1, 1, 1, 1]) tally.add(anAnswer(tally.send(), slot, answer));
    // More turns than tasks.
    for (let i = 0; i < 4; i++) tally.add(anAnswer(tally.send(), null));
    const run = tally.summary(true);
    expect(run).toMatchObject({ repeats: null, spread: null, details: null });
    expect(run.entries).toMatchObject([{ repeats: null, spread: null, missing: [] }]);
  },
);

test('containers without a task are listed after all tasks', () => {
  const tally = started();
  tally.add(
    anAnswer(tally.send(), null, { error: 'unknown container', container: 'feedfacecafe' }),
  );
  play(tally, [2]);
  tally.applyView(aView({ tasks: tasksInSlots(1, 3) }), aMoment(1000));
  expect(tally.summary(false).shares.map(({ name }) => name)).toEqual([
    'goweb.1',
    'goweb.3',
    'goweb.2',
    'feedfacecafe',
  ]);
});

test("lists a slot's newest task last, also if an earlier one answered before it was seen running", () => {
  const tally = started(aView({ tasks: [] }));
  const early = aTask({ slot: 2, id: 'early', state: 'starting', container: 'early' });
  tally.applyView(aView({ tasks: [early] }), aMoment(0));
  tally.add(anAnswer(tally.send(), 2, { taskId: 'early', container: 'early' }));
  // A view has the newest task of a slot first.
  const both = ['newer', 'older'].map((id) => aTask({ slot: 1, id }));
  tally.applyView(aView({ tasks: [...both, aTask({ slot: 2, id: 'next' })] }), aMoment(1000));
  tally.applyView(aView({ tasks: both }), aMoment(2000));
  const ids = tally.summary(false).shares.map(({ taskId }) => taskId);
  expect(ids).toEqual(['older', 'newer', 'early', 'next']);
});

test('a global service keeps the last two tasks of each node', () => {
  const tally = started(aView({ tasks: [] }));
  const on = (node: string, id: string) =>
    aTask({ slot: null, nodeId: `id-${node}`, id, name: `goweb.${node}`, container: id });
  ['a', 'b', 'c'].forEach((id, at) =>
    tally.applyView(aView({ tasks: [on('zero1', id), on('zero2', 'steady')] }), aMoment(at * 1000)),
  );
  const { shares } = tally.summary(false);
  expect(shares.map(({ taskId, running }) => [taskId, running])).toEqual([
    ['c', true],
    ['steady', true],
    ['b', false],
  ]);
});
