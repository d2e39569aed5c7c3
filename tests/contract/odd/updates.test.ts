import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replicasText } from '@/lib/swarm/replicas';
import type { SwarmView } from '@/lib/swarm/view';
import { both, editEach, editList, ODD_CASES } from '@/tests/support/odd-cases';
import { oddSwarm, type OddSwarm } from './odd-swarm';

let swarm: OddSwarm;
beforeAll(async () => {
  swarm = await oddSwarm();
});
afterAll(() => swarm.close());

const goweb = (view: SwarmView) => {
  const service = view.services.find(({ name }) => name === 'goweb');
  if (!service) throw new Error('no goweb');
  return service;
};

test('rollbackDone: the update failed and was rolled back; nothing is rolling back', async () => {
  const { update, convergence } = goweb(await swarm.view(ODD_CASES.rollbackDone));
  const { before, at, after } = update?.note ?? {};
  expect(before).toBe('The update failed and was rolled back at');
  expect(after).toBe('; carmeloc/goweb:1.0 runs');
  expect(Date.now() - (at ?? 0)).toBeGreaterThanOrEqual(60_000);
  expect(Date.now() - (at ?? 0)).toBeLessThan(70_000);
  expect(convergence).toMatchObject({
    phase: 'converged',
    phrase: 'overall progress: 3 out of 3 tasks',
  });
});

test('pausedUpdate: what to do, and what docker’s client prints', async () => {
  const { update, convergence } = goweb(await swarm.view(ODD_CASES.pausedUpdate));
  expect(update?.note).toMatchObject({
    before: 'The update has been paused since',
    failure: { text: 'The task that failed is not listed any more' },
  });
  expect(update?.note?.actions.map(({ command }) => command)).toContain(
    'docker service update goweb',
  );
  expect(convergence.phase).toBe('paused');
  expect(convergence.verify).toBe(
    'service update paused: update paused due to failure or early termination of task abcdefgh',
  );
});

test('pausedUpdate with a task that is listed: its name and node', async () => {
  const { tasks, nodes } = await swarm.view(null);
  const task = tasks.find(({ nodeId }) => nodeId !== null);
  const node = nodes.find(({ id }) => id === task?.nodeId);
  const Message = `update paused due to failure or early termination of task ${task?.id}`;
  const view = await swarm.view(
    editEach('/services', (service) => ({
      ...service,
      UpdateStatus: { State: 'paused', Message },
    })),
  );
  expect(goweb(view).update?.message).toBe(
    `update paused due to failure or early termination of ${task?.name} on ${node?.name}`,
  );
});

describe('a removed service', () => {
  test('its tasks are shown as leaving and are not counted', async () => {
    const healthy = await swarm.view(null);
    const view = await swarm.view(ODD_CASES.removedService);
    const left = view.tasks.filter(({ id }) => id.startsWith('gone'));
    expect(left.map(({ name, phase }) => [name, phase])).toEqual([
      ['removedremov.1', 'leaving'],
      ['removedremov.2', 'leaving'],
    ]);
    expect(left.every(({ nodeId }) => view.nodes.some(({ id }) => id === nodeId))).toBe(true);
    expect(view.services).toEqual(healthy.services);
  });

  test('its tasks keep the name that it had while it was listed', async () => {
    const reader = await swarm.reader(null);
    await reader.read();
    reader.odd.become(editList('/services', () => []));
    const view = await reader.read();
    expect(view.services).toEqual([]);
    expect(view.tasks.map(({ name }) => name)).toEqual(['goweb.1', 'goweb.2', 'goweb.3']);
  });

  test('tasks that have ended are not kept', async () => {
    const view = await swarm.view(
      both(
        editList('/services', () => []),
        editEach('/tasks', (task) => ({ ...task, Status: { ...task.Status, State: 'shutdown' } })),
      ),
    );
    expect(view.tasks).toEqual([]);
  });
});

describe('a node that has left', () => {
  const onGone = (view: SwarmView) => view.tasks.filter(({ phase }) => phase === 'lost');

  test('a task on it is lost, does not count as running, and the node is listed as gone', async () => {
    const view = await swarm.view(ODD_CASES.goneNode);
    expect(onGone(view)).toMatchObject([{ nodeId: 'nosuchnodenosuchnodenosu1' }]);
    expect(view.goneNodes).toEqual([{ id: 'nosuchnodenosuchnodenosu1', name: 'nosuchnodeno' }]);
    expect(goweb(view)).toMatchObject({ running: 2, convergence: { running: 2 } });
  });

  test('keeps the name that the node had', async () => {
    const reader = await swarm.reader(null);
    const { tasks, nodes } = await reader.read();
    const node = nodes.find(({ id }) => id === tasks[0]?.nodeId);
    reader.odd.become(editList('/nodes', (list) => list.filter(({ ID }) => ID !== node?.id)));
    const view = await reader.read();
    expect(view.goneNodes).toEqual([{ id: node?.id, name: node?.name }]);
    expect(onGone(view).length).toBeGreaterThan(0);
    reader.odd.become(null);
    expect((await reader.read()).goneNodes).toEqual([]);
  });
});

test('replicatedJob: as docker service ls prints it', async () => {
  const view = await swarm.view(ODD_CASES.replicatedJob);
  const job = view.services.find(({ name }) => name === 'backup');
  if (!job) throw new Error('no job');
  expect(replicasText(job)).toBe('1/1 (2/3 completed)');
  expect(job.convergence).toMatchObject({
    phase: 'converging',
    phrase: 'job progress: 2 out of 3 complete',
  });
  const phases = view.tasks.filter(({ serviceId }) => serviceId === job.id);
  expect(phases.map(({ phase }) => phase)).toEqual(['finished', 'finished', 'running']);
});

test('constraintOnly: converged, as the engine says, and no task of an old version', async () => {
  const view = await swarm.view(ODD_CASES.constraintOnly);
  expect(view.tasks.every(({ upToDate }) => upToDate)).toBe(true);
  expect(goweb(view).convergence.phase).toBe('converged');
});

test('which tasks are up to date is the engine’s answer, not a comparison of images', async () => {
  const { tasks } = await swarm.view(null);
  const { engine } = await swarm.reader(null);
  expect(await engine.upToDateTasks()).toEqual(expect.arrayContaining(tasks.map(({ id }) => id)));
  const view = await swarm.view(
    editEach('/services', (service) => ({
      ...service,
      Spec: { ...service.Spec, TaskTemplate: { ContainerSpec: { Image: 'carmeloc/goweb:2.0' } } },
    })),
  );
  expect(view.tasks.map(({ upToDate }) => upToDate)).toEqual([true, true, true]);
});

test('a node whose clock is 3 h behind: its card says so, and no age changes', async () => {
  const healthy = await swarm.view(null);
  const node = healthy.nodes.find(({ id }) => id === healthy.tasks[0]?.nodeId);
  const view = await swarm.view(
    editEach('/tasks', (task) => {
      if (task['NodeID'] !== node?.id) return task;
      const at = Date.parse(String(task.Status['Timestamp'])) - 3 * 3_600_000;
      return { ...task, Status: { ...task.Status, Timestamp: new Date(at).toISOString() } };
    }),
  );
  const clocks = view.nodes.flatMap(({ name, clock }) => (clock ? [[name, clock]] : []));
  expect(clocks).toEqual([
    [node?.name, "At its last report its clock was 3 hours behind the manager's"],
  ]);
  const off = view.tasks.map(({ stateAt }, at) => stateAt - (healthy.tasks[at]?.stateAt ?? 0));
  for (const ms of off) expect(Math.abs(ms)).toBeLessThan(10_000);
});

test('a manager whose clock is 2 h ahead: its card says so, and no age changes', async () => {
  const healthy = await swarm.view(null);
  const later = (time: unknown) => new Date(Date.parse(String(time)) + 2 * 3_600_000).toISOString();
  const view = await swarm.view(
    both(
      ({ path, json }) => {
        const info = Object(json) as { SystemTime: string };
        return path === '/info'
          ? { body: { ...info, SystemTime: later(info.SystemTime) } }
          : undefined;
      },
      editEach('/tasks', (task) => ({
        ...task,
        CreatedAt: later(task['CreatedAt']),
        UpdatedAt: later(task['UpdatedAt']),
        Status: { ...task.Status, Timestamp: later(task.Status['Timestamp']) },
      })),
    ),
  );
  const clocks = view.nodes.flatMap(({ here, clock }) => (clock ? [[here, clock]] : []));
  expect(clocks).toEqual([[true, "Its clock is 2 hours ahead of the dashboard's"]]);
  const off = view.tasks.map(({ stateAt }, at) => stateAt - (healthy.tasks[at]?.stateAt ?? 0));
  for (const ms of off) expect(Math.abs(ms)).toBeLessThan(5000);
});

test.each([
  ["Go's zero time", '0001-01-01T00:00:00Z'],
  ['a time after 2262', '2300-01-01T00:00:00Z'],
  ['no time', undefined],
  ['no time at all', 'yesterday'],
])('%s gives no age of years and no task in the future', async (_, time) => {
  const view = await swarm.view(
    editEach('/tasks', (task) => ({ ...task, Status: { ...task.Status, Timestamp: time } })),
  );
  for (const { stateAt } of view.tasks) {
    expect(stateAt).toBeLessThanOrEqual(Date.now());
    expect(Date.now() - stateAt).toBeLessThan(3_600_000);
  }
});
