import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aMoment, anAnswer, tallyOptions } from '@/tests/factories/curl';
import { aService, aTask, aView } from '@/tests/factories/view';
import type { ServiceView, TaskView } from '../swarm/view';
import type { RunRollout, Run } from './run';
import { runSchema } from './run-schemas';
import { Tally } from './tally';
import { MAX_VERSIONS } from './task-versions';

const OLD = 'carmeloc/goweb:1.0';
const NEW = 'carmeloc/goweb:1.1';
const FAILURE = {
  text: 'goweb.1 on zero1 failed',
  error: 'task: non-zero exit (1)',
  hint: 'The container ended by itself.',
  help: null,
  all: null,
};
const NOTE = {
  tone: 'warn',
  before: '',
  at: null,
  after: '',
  failure: FAILURE,
  actions: [],
} as const;

/** An update of the service as the view has it. */
function status(state: string, over: object = {}): Pick<ServiceView, 'update'> {
  return { update: { state, message: '', note: null, ...over } };
}
const failing = (state: string) =>
  status(state, { note: { ...NOTE, actions: [] }, automatic: state.startsWith('rollback') });

/** A task of a definition; its id has it. */
function made(by: string, slot: number, over: Partial<TaskView> = {}): TaskView {
  const image = by.startsWith('new') ? NEW : OLD;
  return aTask({ slot, id: `${by}-${slot}`, image, ...over });
}
const outdated = { upToDate: false };
const stopped = { state: 'shutdown', desired: 'shutdown' } as const;

class Play {
  readonly tally = new Tally(tallyOptions());

  /** A view at a time of the run. */
  at(at: number, tasks: TaskView[], service: Partial<ServiceView> = {}): this {
    this.tally.applyView(aView({ services: [aService(service)], tasks }), aMoment(at));
    return this;
  }

  /** Answers of a task (null: failures) from one time on, every 100 ms. */
  answers(from: number, taskId: string | null, count = 1, ms = 5): this {
    for (let i = 0; i < count; i++) {
      const at = from + i * 100;
      const answer = taskId === null ? anAnswer(0, null) : anAnswer(0, 1, { taskId });
      this.tally.add({ ...answer, n: this.tally.send(0, at), at, ms });
    }
    return this;
  }

  get versions() {
    return this.tally.summary(false).versions;
  }

  /** What a run that ends now says of its last rollout. */
  get lastWords(): string | undefined {
    return this.tally.summary(true).rollouts.at(-1)?.summary;
  }

  get rollout(): RunRollout {
    const [rollout, ...more] = this.tally.summary(false).rollouts;
    if (!rollout || more.length > 0) throw new Error('not exactly one rollout');
    return rollout;
  }
}

/** Three tasks of the old version that have answered for four seconds. */
function begun(): Play {
  return new Play().at(0, [made('old', 1), made('old', 2), made('old', 3)]).answers(0, 'old-1', 39);
}

describe('an update', () => {
  const update = () =>
    begun()
      .at(
        4000,
        [
          made('old', 1, { ...outdated, desired: 'shutdown' }),
          made('old', 2, outdated),
          made('old', 3, outdated),
        ],
        { image: NEW, ...status('updating') },
      )
      .answers(4100, null, 2)
      .answers(4300, 'old-2', 1, 90)
      .at(
        5000,
        [
          made('new', 1),
          made('old', 1, { ...outdated, ...stopped }),
          made('old', 2, outdated),
          made('old', 3, outdated),
        ],
        { image: NEW, ...status('updating') },
      )
      .answers(6000, 'new-1', 2)
      .answers(7000, 'old-3')
      .at(8000, [made('new', 1), made('new', 2), made('new', 3)], {
        image: NEW,
        ...status('updating'),
      });

  test('tells the answers of both versions apart, and when each began and ended', () => {
    const { versions, rollout } = update().answers(8100, 'new-3', 3);
    expect(
      versions.map(({ image, since, current, running, answers, firstAnswerMs, lastAnswerMs }) => [
        image,
        since,
        current,
        running,
        answers,
        firstAnswerMs,
        lastAnswerMs,
      ]),
    ).toEqual([
      [OLD, null, false, 0, 41, 5, 7005],
      [NEW, aMoment(4000).time, true, 3, 5, 6005, 8305],
    ]);
    expect(rollout).toMatchObject({
      kind: 'update',
      state: 'updating',
      from: 0,
      to: 1,
      at: 4000,
      firstAnswerMs: 2005,
      lastAnswerMs: 3005,
    });
  });

  test('counts lost and slow requests until its end, and not those after it', () => {
    const play = update()
      .answers(8500, null)
      .at(9000, [made('new', 1), made('new', 2), made('new', 3)], {
        image: NEW,
        ...status('completed'),
      })
      .answers(9500, null, 4)
      .answers(10_000, 'new-1', 2, 500);
    expect(play.rollout).toMatchObject({
      state: 'completed',
      endedMs: 5000,
      lost: 3,
      slow: 1,
      slowMs: 25,
    });
    expect(play.rollout.summary).toBe(
      `The update to ${NEW} took 5.0 s. The first answer of the new version came after 2.0 s, the last one of the old version after 3.0 s; 3 requests failed, 1 answer took more than 25 ms.`,
    );
  });

  test('is not complete by an earlier report while tasks of the old version run', () => {
    const play = begun().at(
      4000,
      [made('new', 1), made('old', 2, outdated), made('old', 3, outdated)],
      { image: NEW, ...status('completed') },
    );
    expect(play.rollout.state).toBe('updating');
  });

  test('is complete when the service has converged and the engine reports no update', () => {
    const play = update().at(9000, [made('new', 1), made('new', 2), made('new', 3)], {
      image: NEW,
    });
    expect(play.rollout.state).toBe('completed');
  });

  test('of the environment only is a version of its own, told apart by its time', () => {
    const same = (by: string, slot: number, over: Partial<TaskView> = {}) =>
      aTask({ slot, id: `${by}-${slot}`, ...over });
    const play = new Play()
      .at(0, [same('a', 1), same('a', 2)])
      .at(1000, [same('a', 1, outdated), same('b', 2)], status('updating'))
      .answers(1100, 'a-1')
      .answers(1200, 'b-2', 2);
    expect(play.versions.map(({ image, since, answers }) => [image, since, answers])).toEqual([
      [OLD, null, 1],
      [OLD, aMoment(1000).time, 2],
    ]);
    expect(play.rollout.summary).toMatch(/^The update is in progress\./);
  });

  test('that is in progress when the run ends is told as such', () => {
    expect(update().lastWords).toContain(
      `The update to ${NEW} was in progress when the run ended.`,
    );
  });

  test('that replaces no task is none', () => {
    const play = begun().at(
      4000,
      [made('old', 1), made('old', 2), made('old', 3)],
      status('completed'),
    );
    expect(play.versions).toHaveLength(1);
    expect(play.tally.summary(true).rollouts).toEqual([]);
  });

  test('which another one replaces ends there', () => {
    const third = (slot: number) => aTask({ slot, id: `third-${slot}`, image: 'goweb:3' });
    const { rollouts } = begun()
      .at(4000, [made('new', 1), made('old', 2, outdated)], { image: NEW, ...status('updating') })
      .at(5000, [made('new', 1, outdated), third(2)], { image: 'goweb:3', ...status('updating') })
      .tally.summary(false);
    expect(rollouts.map(({ state, from, to, endedMs }) => [state, from, to, endedMs])).toEqual([
      ['replaced', 0, 1, 1000],
      ['updating', 1, 2, null],
    ]);
  });

  test('that had begun before the run counts only what the run saw', () => {
    const play = new Play()
      .at(
        0,
        [made('new', 1), made('old', 2, outdated), made('old', 3, { ...outdated, ...stopped })],
        {
          image: NEW,
          ...status('updating'),
        },
      )
      .answers(100, 'new-1')
      .answers(200, 'old-2');
    expect(play.versions.map(({ image, answers }) => [image, answers])).toEqual([
      [OLD, 1],
      [NEW, 1],
    ]);
    expect(play.rollout).toMatchObject({ begunBefore: true, slow: null, firstAnswerMs: null });
    expect(play.rollout.summary).toBe(`The update to ${NEW} is in progress. No request failed.`);
  });
});

describe('a failing update', () => {
  const crashed = (id: string) =>
    made('new', 1, { id, state: 'failed', desired: 'shutdown', error: FAILURE.error });
  const rest = [made('old', 2, outdated), made('old', 3, outdated)];
  const crashing = () =>
    begun()
      .at(4000, [made('new', 1), ...rest], { image: NEW, ...status('updating') })
      .at(5000, [crashed('new-1'), crashed('new-1b'), ...rest], {
        image: NEW,
        ...status('updating'),
      });

  test('that swarm pauses says why, how many tasks failed, and what comes next', () => {
    const play = crashing().at(6000, [crashed('new-1'), ...rest], {
      image: NEW,
      ...failing('paused'),
    });
    const { rollout } = play;
    expect(rollout).toMatchObject({
      state: 'paused',
      automatic: false,
      failedTasks: 2,
      endedMs: null,
    });
    expect(rollout.summary).toBe(
      `Swarm paused the update to ${NEW} because a task failed. ${FAILURE.text} (${FAILURE.error}). 2 tasks of the new version failed. The new version has not answered; no request failed. Swarm replaces no more tasks until the service is updated again or rolled back.`,
    );
    expect(play.tally.summary(false).verdict).toContain('; the update failed and is paused');
    expect(play.tally.summary(true).verdict).toContain('; the update failed and was paused');
  });

  test('that swarm rolls back by itself is told as such', () => {
    const back = [made('old', 2), made('old', 3)];
    const play = crashing().at(
      6000,
      [crashed('new-1'), ...back].map((task) =>
        task.image === NEW ? { ...task, ...outdated } : task,
      ),
      failing('rollback_started'),
    );
    expect(play.versions.map(({ current }) => current)).toEqual([true, false]);
    expect(play.rollout).toMatchObject({ kind: 'update', state: 'rolling back', automatic: true });
    expect(play.lastWords).toContain('failed, and swarm was rolling it back when the run ended.');
    play.at(9000, [made('old', 1, { id: 'again-1' }), ...back], failing('rollback_completed'));
    expect(play.rollout).toMatchObject({ state: 'rolled back', endedMs: 5000, failedTasks: 2 });
    expect(play.rollout.summary).toBe(
      `The update to ${NEW} failed, and after 5.0 s swarm had rolled it back. ${FAILURE.text} (${FAILURE.error}). 2 tasks of the new version failed. The new version has not answered; no request failed. Swarm does not try it again.`,
    );
    expect(play.tally.summary(true).verdict).toContain('; the update failed and was rolled back');
    // The replacement is of the old version.
    play.answers(9100, 'again-1');
    expect(play.versions.map(({ answers }) => answers)).toEqual([40, 0]);
  });

  test('that was rolled back on request does not count as swarm’s own', () => {
    const play = crashing().at(
      6000,
      [made('new', 1, outdated), made('old', 2), made('old', 3)],
      status('rollback_started'),
    );
    expect(play.rollout).toMatchObject({ state: 'rolling back', automatic: false });
    expect(play.lastWords).toContain('was being rolled back, as requested, when the run ended.');
    play.at(8000, [made('old', 1), made('old', 2), made('old', 3)], status('rollback_completed'));
    expect(play.rollout.summary).toContain('was rolled back after 4.0 s, as requested.');
    expect(play.tally.summary(true).verdict).not.toContain('rolled back');
  });

  test('whose rollback is paused waits for another update', () => {
    const play = crashing()
      .at(6000, [made('new', 1, outdated), made('old', 2)], failing('rollback_started'))
      .at(7000, [made('new', 1, outdated), made('old', 2)], failing('rollback_paused'));
    expect(play.rollout).toMatchObject({
      state: 'rollback paused',
      automatic: true,
      endedMs: null,
    });
    expect(play.rollout.summary).toContain('until the service is updated again.');
  });

  test('goes on when it is resumed', () => {
    const play = crashing()
      .at(6000, [crashed('new-1'), ...rest], { image: NEW, ...failing('paused') })
      .at(7000, [made('new', 1, { id: 'third' }), ...rest], { image: NEW, ...status('updating') });
    expect(play.rollout).toMatchObject({ state: 'updating', failure: null });
  });
});

describe('an update that came and went between two views', () => {
  const rest = [made('old', 2), made('old', 3)];
  const failed = (over: Partial<TaskView> = {}) =>
    made('new', 1, {
      ...outdated,
      state: 'failed',
      desired: 'shutdown',
      error: FAILURE.error,
      createdAt: aMoment(4400).time,
      ...over,
    });
  const stoppedOld = made('old', 1, stopped);

  test('is known by its failed tasks, with what it cost since they were made', () => {
    const play = begun()
      .at(4000, [made('old', 1), ...rest])
      .answers(4500, null, 3)
      .at(
        8000,
        [failed(), failed({ id: 'new-1b' }), stoppedOld, made('old', 1, { id: 'back' }), ...rest],
        failing('rollback_completed'),
      );
    expect(play.rollout).toMatchObject({
      kind: 'update',
      state: 'rolled back',
      automatic: true,
      from: 0,
      to: 1,
      at: 4400,
      time: aMoment(4400).time,
      endedMs: 3600,
      lost: 3,
      failedTasks: 2,
    });
    expect(play.rollout.summary).toMatch(
      `The update to ${NEW} failed, and after 3.6 s swarm had rolled it back. ${FAILURE.text}`,
    );
    expect(play.versions.map(({ image, since, current }) => [image, since, current])).toEqual([
      [OLD, null, true],
      [NEW, aMoment(4400).time, false],
    ]);
    expect(play.tally.summary(true).verdict).toContain('; the update failed and was rolled back');
  });

  test('is one rollout, however many views show it', () => {
    const tasks = [failed(), stoppedOld, ...rest];
    const play = begun()
      .at(5000, tasks, failing('rollback_started'))
      .at(5200, [...tasks, failed({ id: 'late' })], failing('rollback_started'))
      .at(6000, [...tasks, made('old', 1, { id: 'back' })], failing('rollback_completed'))
      .at(9000, [...tasks, made('old', 1, { id: 'back' })], failing('rollback_completed'));
    expect(play.rollout).toMatchObject({ state: 'rolled back', endedMs: 1600, failedTasks: 2 });
  });

  test('is known, too, where the service is seen later than its tasks', () => {
    const tasks = [failed(), stoppedOld, made('old', 1, { id: 'back' }), ...rest];
    const play = begun().at(5000, tasks).at(5500, tasks, failing('rollback_completed'));
    expect(play.rollout).toMatchObject({ state: 'rolled back', at: 4400 });
  });

  test('of the environment only has a version of its own', () => {
    const play = begun().at(
      5000,
      [failed({ image: OLD }), stoppedOld, ...rest],
      failing('rollback_completed'),
    );
    expect(
      play.versions.map(({ image, current, failed: count }) => [image, current, count]),
    ).toEqual([
      [OLD, true, 0],
      [OLD, false, 1],
    ]);
  });

  test('and was rolled back on request is told as such', () => {
    const play = begun().at(5000, [failed(), stoppedOld, ...rest], status('rollback_completed'));
    expect(play.rollout).toMatchObject({ state: 'rolled back', automatic: false });
  });

  test('replaces one that was paused', () => {
    const paused = [made('new', 1), made('old', 2, outdated)];
    const { rollouts } = begun()
      .at(4000, paused, { image: NEW, ...failing('paused') })
      .at(
        7000,
        [...paused, failed({ id: 'third', image: 'goweb:3', createdAt: aMoment(6000).time })],
        { image: NEW, ...failing('rollback_completed') },
      )
      .tally.summary(false);
    expect(rollouts.map(({ state, from, to }) => [state, from, to])).toEqual([
      ['replaced', 0, 1],
      ['rolling back', 1, 2],
    ]);
  });

  test.each([
    ['a rollback before the run', [made('old', 1), made('old', 2)], {}],
    ['a task that is being removed', [failed({ desired: 'remove' })], {}],
    ['the rollback of a job', [failed()], { job: { completed: 0, total: 1 } }],
  ])('is not seen in %s', (_, tasks, service) => {
    const play = begun().at(5000, tasks, { ...failing('rollback_started'), ...service });
    expect(play.tally.summary(true).rollouts).toEqual([]);
    expect(play.versions).toHaveLength(1);
  });
});

test('a rollback after a complete update is a rollout of its own, to the version before', () => {
  const now = [made('new', 1), made('new', 2)];
  const { rollouts, versions } = new Play()
    .at(0, [made('old', 1), made('old', 2)])
    .at(1000, now, { image: NEW, ...status('updating') })
    .at(2000, [...now, made('old', 1, { ...outdated, ...stopped })], {
      image: NEW,
      ...status('completed'),
    })
    .at(
      3000,
      [made('new', 1, outdated), made('new', 2, outdated), made('old', 1, stopped)],
      status('rollback_started'),
    )
    .at(
      4000,
      [made('old', 1, { id: 'back-1' }), made('old', 2, { id: 'back-2' })],
      status('rollback_completed'),
    )
    .answers(4100, 'back-1')
    .tally.summary(true);
  expect(rollouts.map(({ kind, state, from, to }) => [kind, state, from, to])).toEqual([
    ['update', 'completed', 0, 1],
    ['rollback', 'completed', 1, 0],
  ]);
  expect(rollouts[1]?.firstAnswerMs).toBe(1105);
  expect(versions).toMatchObject([{ current: true, answers: 1 }, { current: false }]);
});

test('a rollback to a version of which no task is listed any more is to that version', () => {
  const { rollouts } = new Play()
    .at(0, [made('old', 1)])
    .at(1000, [made('new', 1)], { image: NEW, ...status('updating') })
    .at(2000, [made('new', 1)], { image: NEW, ...status('completed') })
    .at(3000, [made('new', 1, outdated), made('old', 2)], status('rollback_started'))
    .tally.summary(true);
  expect(rollouts.at(-1)).toMatchObject({ kind: 'rollback', from: 1, to: 0 });
});

test('a task that swarm has removed since does not end a version', () => {
  const play = begun().at(4000, [
    made('old', 1),
    made('old', 2),
    made('old', 3, { ...outdated, desired: 'remove' }),
  ]);
  expect(play.versions).toHaveLength(1);
});

test('any sequence of updates counts each answer of a task in exactly one version', () => {
  const change = fc.constantFrom('update', 'environment', 'back', 'wait');
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const play = new Play();
      // The definitions of the service, as the engine has them: image, then the index of the present one.
      const specs = [OLD];
      let [spec, previous] = [0, 0];
      let tasks = [1, 2, 3].map((slot) => ({ slot, spec: 0, id: `first-${slot}` }));
      const past: typeof tasks = [];
      const expected = new Map<number, number>();
      let isTold = true;
      changes.forEach((what, step) => {
        if (what === 'update' || what === 'environment') {
          previous = spec;
          spec = specs.push(what === 'update' ? `goweb:${step}` : (specs[spec] ?? OLD)) - 1;
        }
        if (what === 'back') [spec, previous] = [previous, spec];
        const slot = (step % 3) + 1;
        tasks = tasks.map((task) => {
          if (task.slot !== slot || task.spec === spec) return task;
          past.push(task);
          return { slot, spec, id: `${step}-${slot}` };
        });
        const view = [...tasks, ...past].map((task) =>
          aTask({
            slot: task.slot,
            id: task.id,
            image: specs[task.spec] ?? OLD,
            upToDate: task.spec === spec,
            ...(past.includes(task) && stopped),
          }),
        );
        play.at(step * 1000, view, { image: specs[spec] ?? OLD, ...status('updating') });
        for (const task of tasks) {
          play.answers(step * 1000 + 100, task.id);
          expected.set(task.spec, (expected.get(task.spec) ?? 0) + 1);
        }
        isTold &&= play.versions.length < MAX_VERSIONS;
      });
      if (changes.length === 0) return;
      const { versions, rollouts, answered, shares } = play.tally.summary(true);
      expect(versions.reduce((sum, { answers }) => sum + answers, 0)).toBe(answered);
      expect(versions.filter(({ current }) => current)).toHaveLength(1);
      expect(versions.length).toBeLessThanOrEqual(MAX_VERSIONS);
      expect(rollouts.length).toBeLessThanOrEqual(MAX_VERSIONS);
      expect(rollouts.every(({ from, to }) => versions[from] && versions[to] && from !== to)).toBe(
        true,
      );
      expect(shares.every(({ version }) => version !== null)).toBe(true);
      if (!isTold) return;
      const counts = versions.map(({ answers }) => answers).filter((count) => count > 0);
      const sorted = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b);
      expect(sorted(counts)).toEqual(sorted(expected.values()));
    }),
  );
});

test('a run of a dashboard without versions parses', () => {
  const { versions: _, rollouts: __, ...run } = new Play().tally.summary(true) as Run;
  expect(runSchema.shape.versions.parse(undefined)).toEqual([]);
  expect(runSchema.shape.rollouts.parse(undefined)).toEqual([]);
  expect(run).not.toHaveProperty('versions');
});
