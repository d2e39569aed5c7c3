import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aTask } from '@/tests/factories/view';
import type { EngineService } from './engine-json';
import type { Clocks } from './engine-times';
import { updateView, type UpdateMemory } from './update-status';
import type { TaskView } from './view';

const NOW = Date.UTC(2026, 10, 28, 12, 5);
const STARTED = NOW - 90_000;
const ENDED = NOW - 60_000;
const CLOCKS: Clocks = {
  now: NOW,
  lastView: -Infinity,
  managerAhead: 0,
  nodesAhead: new Map(),
};

const spec = (image: string): EngineService['Spec'] => ({
  Name: 'goweb',
  Labels: {},
  TaskTemplate: { ContainerSpec: { Image: `${image}@sha256:${'0'.repeat(64)}` } },
  Mode: { Replicated: { Replicas: 3 } },
});

function aService(
  State: string,
  Message: string,
  over: Partial<EngineService> & { ended?: boolean } = {},
): EngineService {
  const { ended = State.endsWith('completed'), ...fields } = over;
  return {
    ID: 'id-goweb',
    Version: { Index: 30 },
    CreatedAt: NOW - 3_600_000,
    UpdatedAt: ENDED,
    Spec: spec('carmeloc/goweb:1.0'),
    UpdateStatus: { State, Message, StartedAt: STARTED, CompletedAt: ended ? ENDED : 0 },
    ...fields,
  };
}

const failed = (over: Partial<TaskView> = {}) =>
  aTask({
    id: 'brokenbrokenbrokenbroken1',
    slot: 2,
    nodeId: 'id-zero1',
    state: 'failed',
    desired: 'shutdown',
    error: 'task: non-zero exit (1)',
    hint: 'The program itself ended with an error: its output is in `docker service logs`.',
    help: 'program-error',
    createdAt: STARTED + 2000,
    stateAt: STARTED + 5000,
    ...over,
  });

function viewOf(
  service: EngineService,
  tasks: readonly TaskView[] = [aTask()],
  before: UpdateMemory | null = null,
) {
  const nodeName = (id: string) => id.replace(/^id-/, '');
  return updateView(service, { tasks, nodeName, clocks: CLOCKS }, before);
}

const noteOf = (...args: Parameters<typeof viewOf>) => viewOf(...args).view?.note;
/** The sentence, with the time's place marked. */
function sentence(...args: Parameters<typeof viewOf>): string | undefined {
  const note = noteOf(...args);
  return note ? `${note.before}${note.at === null ? '' : ' TIME'}${note.after}` : undefined;
}

const PAUSED =
  'update paused due to failure or early termination of task brokenbrokenbrokenbroken1';

describe('a rollback that completed', () => {
  test('by swarm itself says that the update failed, since when, and what runs', () => {
    const service = aService('rollback_completed', 'rollback completed');
    expect(sentence(service)).toBe(
      'The update failed and was rolled back at TIME; carmeloc/goweb:1.0 runs',
    );
    expect(noteOf(service)).toMatchObject({ tone: 'warn', at: ENDED, actions: [] });
  });

  test('on request is recognized by the other spec, which swarm keeps', () => {
    const PreviousSpec = spec('carmeloc/goweb:1.1');
    const service = aService('rollback_completed', 'rollback completed', { PreviousSpec });
    expect(sentence(service, [aTask(), failed({ upToDate: false })])).toBe(
      'The service was rolled back at TIME, as requested; carmeloc/goweb:1.0 runs',
    );
    expect(noteOf(service)).toMatchObject({ tone: 'ok', failure: null });
  });

  test('does not claim that the image runs when no task does', () => {
    const service = aService('rollback_completed', 'rollback completed');
    expect(sentence(service, [])).toContain('; its image is carmeloc/goweb:1.0');
  });

  test('names the task that failed while swarm lists it, and remembers it after that', () => {
    const started = aService('rollback_started', PAUSED.replace('paused', 'rolled back'));
    const first = viewOf(started, [failed({ upToDate: false })]);
    expect(first.view?.note).toMatchObject({
      before: 'The update failed; swarm rolls the service back to carmeloc/goweb:1.0',
      failure: { text: 'goweb.2 on zero1 failed', error: 'task: non-zero exit (1)' },
    });
    const done = aService('rollback_completed', 'rollback completed');
    expect(noteOf(done, [aTask()], first.memory)?.failure?.text).toBe('goweb.2 on zero1 failed');
    expect(noteOf(done, [failed({ upToDate: false }), aTask()])?.failure?.text).toBe(
      'goweb.2 on zero1 failed',
    );
    // A failure of the same spec, or from before the update, has nothing to do with it.
    expect(noteOf(done, [failed(), aTask()])?.failure).toBeNull();
    // Its first task may have been created within the same second, by the manager's times.
    const atOnce = failed({ upToDate: false, createdAt: STARTED - 900 });
    expect(noteOf(done, [atOnce, aTask()])?.failure?.text).toBe('goweb.2 on zero1 failed');
    const before = failed({ upToDate: false, createdAt: STARTED - 1100 });
    expect(noteOf(done, [before, aTask()])?.failure).toBeNull();
    const earlier = failed({ upToDate: false, createdAt: STARTED - 60_000 });
    expect(noteOf(done, [earlier, aTask()])?.failure).toBeNull();
  });

  test('has the time at which it was first seen if the engine reports none or a future one', () => {
    for (const CompletedAt of [0, NOW + 1e12]) {
      const service = aService('rollback_completed', 'rollback completed', { UpdatedAt: 0 });
      service.UpdateStatus = { ...service.UpdateStatus!, StartedAt: 0, CompletedAt };
      expect(noteOf(service)?.at).toBe(NOW);
    }
  });
});

describe('a paused update', () => {
  const service = aService('paused', PAUSED, { PreviousSpec: spec('carmeloc/goweb:0.9') });

  test('says since when, which task failed where, why, and what to do', () => {
    expect(sentence(service, [failed()])).toBe('The update has been paused since TIME');
    const note = noteOf(service, [failed()]);
    expect(note).toMatchObject({
      tone: 'bad',
      failure: {
        text: 'goweb.2 on zero1 failed',
        error: 'task: non-zero exit (1)',
        hint: expect.stringContaining('docker service logs'),
        help: 'program-error',
        all: null,
      },
    });
    expect(note?.actions).toEqual([
      {
        label: 'Roll back to carmeloc/goweb:0.9',
        command: 'docker service rollback goweb',
        action: { kind: 'roll-back', label: 'Roll back' },
      },
      {
        label: 'Or fix the cause and update again',
        command: 'docker service update --image=IMAGE goweb',
        action: { kind: 'edit-service', label: 'Change image', field: 'image' },
      },
      {
        label: 'Or resume the update without a change (any change, even a scale, resumes it too)',
        command: 'docker service update goweb',
        action: { kind: 'resume', label: 'Resume' },
      },
    ]);
  });

  test("has docker's text with the task's name and node for its id", () => {
    expect(viewOf(service, [failed()]).view?.message).toBe(
      'update paused due to failure or early termination of goweb.2 on zero1',
    );
  });

  test('counts all tasks that failed', () => {
    const tasks = [
      failed(),
      failed({ id: 'b', slot: 2, stateAt: STARTED + 1 }),
      failed({ id: 'c', slot: 3, nodeId: 'id-zero4' }),
      aTask({ id: 'd', slot: 1, upToDate: false }),
    ];
    expect(noteOf(service, tasks)?.failure?.all).toBe(
      '3 tasks have failed so far: goweb.2 on zero1 (2 times) and goweb.3 on zero4.',
    );
  });

  test('says that the task is no longer listed', () => {
    const { view } = viewOf(service);
    expect(view?.note?.failure?.text).toBe('The task that failed is not listed any more');
    expect(view?.message).toBe(
      'update paused due to failure or early termination of a task that is not listed any more (brokenbrokenbrokenbroken1)',
    );
  });

  test('keeps the failure of a task that swarm no longer lists', () => {
    const first = viewOf(service, [failed()]);
    const later = viewOf(service, [aTask()], first.memory);
    expect(later.view).toEqual(first.view);
    // Also when other tasks have failed meanwhile.
    const others = [failed({ id: 'b', slot: 3 }), failed({ id: 'c', slot: 1 })];
    expect(viewOf(service, others, first.memory).view?.note?.failure).toEqual({
      ...first.view?.note?.failure,
      all: '2 tasks have failed so far: goweb.3 on zero1 and goweb.1 on zero1.',
    });
    // Another failure of another update.
    const other = aService('paused', PAUSED.replace('1', '2'));
    other.UpdateStatus!.StartedAt = NOW;
    expect(viewOf(other, [aTask()], first.memory).view?.note?.failure?.text).toContain(
      'not listed any more',
    );
  });

  test.each([
    ['the same image', spec('carmeloc/goweb:1.0')],
    ['no image', { ...spec(''), TaskTemplate: {} }],
  ])('does not name the image to roll back to if the definition before has %s', (_, before) => {
    const { actions } = noteOf(aService('paused', PAUSED, { PreviousSpec: before })) ?? {};
    expect(actions?.[0]?.label).toBe('Roll back to the definition before');
  });

  test('offers no rollback without a definition before', () => {
    const { actions } = noteOf(aService('paused', PAUSED)) ?? {};
    expect(actions).toEqual([
      {
        label: 'Fix the cause and update again',
        command: 'docker service update --image=IMAGE goweb',
        action: { kind: 'edit-service', label: 'Change image', field: 'image' },
      },
      {
        label: 'Or resume the update without a change (any change, even a scale, resumes it too)',
        command: 'docker service update goweb',
        action: { kind: 'resume', label: 'Resume' },
      },
    ]);
  });

  test('of a name that a shell would read otherwise has commands that are safe to paste', () => {
    const odd = aService('paused', PAUSED, { Spec: { ...service.Spec, Name: 'a;reboot' } });
    for (const { command } of noteOf(odd)?.actions ?? []) expect(command).toContain("'a;reboot'");
  });
});

test('a paused rollback says what to do, and not to roll back again', () => {
  const service = aService('rollback_paused', PAUSED.replace('update', 'rollback'));
  expect(sentence(service, [failed()])).toBe(
    'The rollback to carmeloc/goweb:1.0 has been paused since TIME',
  );
  const commands = noteOf(service)?.actions.map(({ command }) => command);
  expect(commands).toEqual([
    'docker service update --image=IMAGE goweb',
    'docker service update goweb',
  ]);
});

test('an update in progress, or a rollback, says how many running tasks have its definition', () => {
  const tasks = [
    aTask({ slot: 1 }),
    aTask({ slot: 2, upToDate: false }),
    aTask({ slot: 3, upToDate: false }),
    aTask({ slot: 3, id: 'leaving', upToDate: false, desired: 'shutdown' }),
  ];
  expect(noteOf(aService('updating', 'update in progress'), tasks)).toMatchObject({
    tone: 'ok',
    before: 'The update is in progress: 1 of 3 running tasks has the new definition',
    at: null,
    after: '',
  });
  const service = aService('rollback_started', 'manually requested rollback');
  expect(sentence(service, [aTask(), aTask({ slot: 2 }), ...tasks.slice(2)])).toMatch(
    /: 2 of 3 running tasks have it$/,
  );
});

test('a complete update has no note', () => {
  expect(noteOf(aService('completed', 'update completed'))).toBeNull();
});

test('a job has none, as its rollback never completes', () => {
  const service = aService('rollback_started', 'manually requested rollback');
  service.Spec.Mode = { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } };
  expect(noteOf(service)).toBeNull();
});

test("a service that was never updated has no update, and forgets one that the engine doesn't know any more", () => {
  const { UpdateStatus: _none, ...service } = aService('paused', PAUSED);
  expect(viewOf(service)).toEqual({ view: null, memory: null });
});

test('any text of the engine leaves no line break and no code in our own words', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (Message, image) => {
      const service = aService('paused', Message, { Spec: spec(image) });
      const { before, after, failure } = noteOf(service, [failed({ name: image })]) ?? {};
      expect(`${before}${after}${failure?.text}${failure?.all}`).not.toMatch(/[`\n]/);
    }),
  );
});
