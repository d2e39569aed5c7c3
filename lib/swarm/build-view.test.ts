import { describe, expect, test } from 'vitest';
import { capturedSnapshot } from '@/tests/fixtures/engine';
import { buildView, memoryOf, NO_MEMORY } from './build-view';
import { NOTHING_ODD } from './read-list';
import { TimeShift } from './shift-times';
import { nodeRows } from './cli';
import type { Snapshot } from './snapshot';
import { swarmViewSchema } from './view';

const OPTIONS = { hat: ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'], echoService: 'goweb' };

/** The view of a captured swarm in which `edit` has changed something. */
function viewOf(edit: (snapshot: Snapshot) => void = () => {}, options = OPTIONS) {
  const snapshot = capturedSnapshot();
  edit(snapshot);
  return buildView(snapshot, options, NO_MEMORY, 0).view;
}

test('a built view matches the schema of the wire', () => {
  const view = viewOf();
  expect(swarmViewSchema.parse(JSON.parse(JSON.stringify(view)))).toEqual(view);
});

test('a service has its version, and can be rolled back while the engine keeps its previous spec', () => {
  const goweb = (edit?: (snapshot: Snapshot) => void) =>
    viewOf(edit).services.find(({ name }) => name === 'goweb');
  const changed = goweb(({ services }) => {
    for (const service of services) {
      service.PreviousSpec = {};
      service.Version = { Index: 77 };
    }
  });
  expect(changed).toMatchObject({ hasPrevious: true, version: 77 });
  const fresh = goweb(({ services }) => {
    for (const service of services) delete service.PreviousSpec;
  });
  expect(fresh?.hasPrevious).toBe(false);
});

test('a task that ended without an error is explained, unless its service is a job', () => {
  const hints = (mode: object | null) =>
    viewOf(({ services, tasks }) => {
      for (const { Spec } of services) if (mode) Spec.Mode = mode;
      for (const task of tasks) {
        task.Status = { ...task.Status, State: 'complete', Err: '' };
        task.DesiredState = 'shutdown';
      }
    }).tasks.map(({ help }) => help);
  expect(new Set(hints(null))).toEqual(new Set(['program-ended']));
  for (const mode of [{ ReplicatedJob: { TotalCompletions: 1 } }, { GlobalJob: {} }]) {
    expect(new Set(hints(mode))).toEqual(new Set([null]));
  }
});

describe('nodes', () => {
  test('lists the nodes of the HAT in its order, then the others in natural order', () => {
    expect(viewOf().nodes.map(({ name }) => name)).toEqual(OPTIONS.hat);
    const other = viewOf(() => {}, { ...OPTIONS, hat: ['zero3', 'cbridge'] });
    expect(other.nodes.map(({ name }) => name)).toEqual([
      'zero3',
      'ctrl',
      'zero1',
      'zero2',
      'zero4',
    ]);
  });

  test('an empty place is named by its port if another node has the expected hostname', () => {
    const { hat, nodes } = viewOf(({ nodes: list }) => {
      const zero1 = list.find(({ Description }) => Description?.Hostname === 'zero1');
      if (zero1) zero1.Spec.Labels['clusterhat.port'] = 'P2';
    });
    expect(hat).toEqual(['ctrl', 'P1', 'zero1', 'zero3', 'zero4']);
    expect(nodes.at(-1)).toMatchObject({ name: 'zero2', place: null });
  });

  test('nodes that share a hostname get unique names; docker’s tables show the hostname', () => {
    const view = viewOf(({ nodes: list }) => {
      for (const { Description } of list) if (Description) Description.Hostname = 'raspberrypi';
    });
    const names = ['ctrl', 'P1', 'P2', 'P3', 'P4'].map((port) => `raspberrypi (${port})`);
    expect(view.nodes.map(({ name }) => name)).toEqual(names);
    expect(view.hat).toEqual(names);
    expect(view.engine.name).toBe(names[0]);
    expect(new Set(nodeRows(view).map(({ hostname }) => hostname))).toEqual(
      new Set(['raspberrypi']),
    );
  });

  test('uses the address at which other nodes reach the manager', () => {
    const address = (edit: (node: Snapshot['nodes'][number]) => void) =>
      viewOf(({ nodes }) => nodes.forEach((node) => node.ManagerStatus && edit(node))).nodes[0]
        ?.address;
    expect(address((node) => void (node.Status.Addr = '0.0.0.0'))).toBe('172.19.181.254');
    expect(
      address((node) => {
        node.Status.Addr = '127.0.0.1';
        if (node.ManagerStatus) node.ManagerStatus.Addr = '[fd00::1]:2377';
      }),
    ).toBe('fd00::1');
    // Then only the address in the engine's own `/info` remains.
    expect(
      address(
        (node) =>
          void (node.ManagerStatus = {
            Leader: true,
            Reachability: 'reachable',
            Addr: '0.0.0.0:2377',
          }),
      ),
    ).toBe('172.19.181.254');
  });

  test('names a node that never reported after its id', () => {
    let id = '';
    const view = viewOf(({ nodes }) => {
      const worker = nodes.find((node) => !node.ManagerStatus);
      id = worker?.ID ?? '';
      delete worker?.Description;
    });
    expect(view.nodes.find((node) => node.id === id)).toMatchObject({
      name: id.slice(0, 12),
      hostname: '',
      arch: '',
      cpus: 0,
      memoryBytes: 0,
    });
  });
});

describe('tasks', () => {
  test('are sorted by service, slot and age, and named as in docker', () => {
    const goweb = viewOf().tasks.filter(({ name }) => name.startsWith('goweb'));
    expect(goweb.map(({ name, state }) => [name, state])).toEqual([
      ['goweb.1', 'running'],
      ['goweb.2', 'running'],
      ['goweb.3', 'running'],
    ]);
    for (const { container, phase, upToDate, image } of goweb) {
      expect({ phase, upToDate, image }).toEqual({
        phase: 'running',
        upToDate: true,
        image: 'carmeloc/goweb:1.0',
      });
      expect(container).toMatch(/^[0-9a-f]{12}$/);
    }
  });

  test('wait without a node while pending', () => {
    const waiting = viewOf().tasks.filter(({ nodeId }) => nodeId === null);
    expect(waiting.length).toBeGreaterThan(0);
    for (const { phase, state } of waiting)
      expect({ phase, state }).toEqual({ phase: 'waiting', state: 'pending' });
  });

  test('are lost and not counted as running on a node that is down', () => {
    const view = viewOf(({ nodes }) => nodes.forEach((node) => void (node.Status.State = 'down')));
    const running = view.tasks.filter(({ state }) => state === 'running');
    expect(running.every(({ phase }) => phase === 'lost')).toBe(true);
    expect(view.services[0]).toMatchObject({
      running: 0,
      wanted: 3,
      convergence: { phase: 'converging' },
    });
  });

  test('are up to date if the engine says so, even if their spec differs', () => {
    const constrain = ({ services }: Snapshot) =>
      services.forEach(({ Version, Spec }) => {
        Version.Index++;
        Spec.TaskTemplate.Placement = { Constraints: ['node.hostname!=elsewhere'] };
      });
    const view = viewOf(constrain);
    expect(view.tasks.every(({ upToDate }) => upToDate)).toBe(true);
    expect(view.services[0]?.convergence.phase).toBe('converged');
  });

  test('are up to date when the engine refuses to answer, unless they have another image', () => {
    const view = viewOf((snapshot) => {
      snapshot.upToDate = null;
      for (const { Spec } of snapshot.services) {
        Spec.TaskTemplate.Placement = { Constraints: ['node.platform.os==linux'] };
      }
    });
    expect(view.tasks.every(({ upToDate }) => upToDate)).toBe(true);
    const updated = viewOf((snapshot) => {
      snapshot.upToDate = null;
      const [task] = snapshot.tasks.filter(({ Slot, NodeID }) => Slot === 1 && NodeID);
      task!.Spec.ContainerSpec!.Image = 'carmeloc/goweb:0.9';
    });
    expect(updated.tasks.filter(({ upToDate }) => !upToDate)).toHaveLength(1);
  });

  test('that the engine does not list as up to date do not count for the progress', () => {
    const view = viewOf((snapshot) => void (snapshot.upToDate = new Set()));
    expect(view.tasks.filter(({ upToDate }) => upToDate)).toEqual([]);
    expect(view.services[0]?.convergence.phrase).toBe('overall progress: 0 out of 3 tasks');
  });

  test('of a job run with desired state complete, and only in its present iteration', () => {
    const view = viewOf((snapshot) => {
      const [service] = snapshot.services.filter(({ Spec }) => Spec.Name === 'goweb');
      if (!service) throw new Error('no goweb');
      service.Spec.Mode = { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 3 } };
      service.JobStatus = { JobIteration: { Index: 1 } };
      const [first, second, third] = snapshot.tasks
        .filter(({ ServiceID, NodeID }) => ServiceID === service.ID && NodeID)
        .sort((a, b) => (a.Slot ?? 0) - (b.Slot ?? 0));
      Object.assign(first!, { DesiredState: 'complete', JobIteration: { Index: 1 } });
      Object.assign(second!, { DesiredState: 'complete', JobIteration: { Index: 1 } });
      second!.Status.State = 'complete';
      Object.assign(third!, { DesiredState: 'remove', JobIteration: { Index: 0 } });
      third!.Status.State = 'complete';
    });
    const goweb = view.tasks.filter(({ name }) => name.startsWith('goweb'));
    expect(goweb.map(({ phase, upToDate }) => [phase, upToDate])).toEqual([
      ['running', true],
      ['finished', true],
      ['finished', false],
    ]);
    expect(view.services[0]).toMatchObject({
      mode: 'replicated-job',
      running: 1,
      wanted: 1,
      job: { completed: 1, total: 3 },
      convergence: { phase: 'converging', phrase: 'job progress: 1 out of 3 complete' },
    });
  });

  test('of a job’s slot 0 are attempts of one slot on whichever node, named as in docker', () => {
    const view = viewOf((snapshot) => {
      const goweb = snapshot.services.find(({ Spec }) => Spec.Name === 'goweb')!;
      goweb.Spec.Mode = { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 2 } };
      const [failed, retry, next] = snapshot.tasks.filter(
        ({ ServiceID, NodeID }) => ServiceID === goweb.ID && NodeID,
      );
      delete failed!.Slot;
      delete retry!.Slot;
      failed!.Status.State = 'failed';
      Object.assign(failed!, { NodeID: 'a', DesiredState: 'shutdown', CreatedAt: 1 });
      Object.assign(retry!, { NodeID: 'b', DesiredState: 'complete', CreatedAt: 2 });
      Object.assign(next!, { Slot: 1, DesiredState: 'complete' });
    });
    const [retry, failed, next] = view.tasks.filter(({ name }) => name.startsWith('goweb'));
    expect([retry?.slot, failed?.slot, next?.slot]).toEqual([0, 0, 1]);
    expect([retry?.name, failed?.name, next?.name]).toEqual(['goweb.b', 'goweb.a', 'goweb.1']);
    expect(failed?.nextTaskId).toBe(retry?.id);
    expect(retry?.nextTaskId).toBeNull();
  });

  test('of a global job have no slot', () => {
    const view = viewOf(({ services }) => {
      for (const { Spec } of services) Spec.Mode = { GlobalJob: {} };
    });
    expect(view.tasks.map(({ slot }) => slot).filter((slot) => slot !== null)).toEqual([]);
  });

  test('of a removed service stay until they have ended, after those of the others', () => {
    let id = '';
    const view = viewOf(({ services, tasks }) => {
      id = services.splice(0, 1)[0]?.ID ?? '';
      for (const task of tasks) if (task.ServiceID === id) task.DesiredState = 'remove';
      const ended = tasks.find(({ ServiceID, NodeID }) => ServiceID === id && NodeID);
      ended!.Status.State = 'shutdown';
    });
    const left = view.tasks.filter(({ serviceId }) => serviceId === id);
    expect(left.length).toBeGreaterThan(0);
    expect(view.tasks.slice(-left.length)).toEqual(left);
    for (const { name, phase, upToDate } of left) {
      expect(name.startsWith(`${id.slice(0, 12)}.`)).toBe(true);
      expect([phase, upToDate]).toEqual(['leaving', true]);
    }
  });

  test('of a service that is not listed yet wait for the next view', () => {
    const first = buildView(capturedSnapshot(), OPTIONS, NO_MEMORY, 0);
    const snapshot = capturedSnapshot();
    const running = snapshot.tasks.find(({ Status }) => Status.State === 'running')!;
    const created = { ...running, ID: 'new', ServiceID: 'created-just-now' };
    snapshot.tasks.push(created);
    const second = buildView(snapshot, OPTIONS, first.memory, 1000);
    expect(second.view.tasks.some(({ id }) => id === 'new')).toBe(false);
    const third = buildView(snapshot, OPTIONS, second.memory, 2000);
    expect(third.view.tasks.find(({ id }) => id === 'new')?.name).toMatch(/^created-just\./);
  });

  test('on a node that left are lost, and its name is kept for a day', () => {
    const first = buildView(capturedSnapshot(), OPTIONS, NO_MEMORY, 0);
    const snapshot = capturedSnapshot();
    const node = snapshot.nodes.find(({ ID }) => snapshot.tasks.some((task) => task.NodeID === ID));
    const name = node?.Description?.Hostname;
    snapshot.nodes = snapshot.nodes.filter((one) => one !== node);
    const left = buildView(snapshot, OPTIONS, first.memory, 1000);
    const gone = [{ id: node?.ID, name }];
    expect(left.view.goneNodes).toEqual(gone);
    const there = left.view.tasks.filter((task) => task.nodeId === node?.ID);
    expect(there.filter(({ phase }) => phase === 'running')).toEqual([]);
    expect(there.filter(({ phase }) => phase === 'lost').length).toBeGreaterThan(0);

    const without = { ...snapshot, tasks: snapshot.tasks.filter((t) => t.NodeID !== node?.ID) };
    const DAY = 24 * 3_600_000;
    const later = buildView(without, OPTIONS, left.memory, DAY);
    expect(later.view.goneNodes).toEqual(gone);
    expect(buildView(without, OPTIONS, later.memory, 1002 + DAY).view.goneNodes).toEqual([]);
    // As long as a task is there it is named.
    expect(buildView(snapshot, OPTIONS, later.memory, 1002 + DAY).view.goneNodes).toEqual(gone);
  });

  test('on a node that just joined are not lost before the nodes are read again', () => {
    const first = buildView(capturedSnapshot(), OPTIONS, NO_MEMORY, 0);
    const snapshot = capturedSnapshot();
    const running = snapshot.tasks.find(({ Status }) => Status.State === 'running')!;
    snapshot.tasks.push({ ...running, ID: 'new', NodeID: 'joined-just-now' });
    const second = buildView(snapshot, OPTIONS, first.memory, 1000);
    const isLost = ({ view }: typeof first) =>
      view.tasks.find(({ id }) => id === 'new')?.phase === 'lost';
    expect(isLost(second)).toBe(false);
    expect(second.view.goneNodes).toEqual([]);
    expect(isLost(buildView(snapshot, OPTIONS, second.memory, 2000))).toBe(true);
  });

  test('are not on a node that is gone when the node is listed and cannot be read', () => {
    const view = viewOf((snapshot) => {
      const [node] = snapshot.nodes.splice(1, 1);
      const nodes = { ...NOTHING_ODD, leftOut: new Set([node!.ID]) };
      snapshot.odd = { ...snapshot.odd, nodes };
      snapshot.tasks[0] = { ...snapshot.tasks[0]!, NodeID: node!.ID };
    });
    expect(view.goneNodes).toEqual([]);
  });

  test('stay on their nodes while the list of nodes is missing', () => {
    const view = viewOf((snapshot) => void (snapshot.nodes = []));
    expect(view.goneNodes).toEqual([]);
    expect(view.tasks.filter(({ phase }) => phase === 'lost')).toEqual([]);
  });
});

describe('services', () => {
  test('lists the echo service first; others need a label for the curl panel', () => {
    const view = viewOf(({ services }) => {
      for (const { Spec } of services)
        if (Spec.Name !== 'goweb') Spec.Labels = { 'clusterhat.curl': 'true' };
    });
    expect(view.services[0]).toMatchObject({ name: 'goweb', echo: true, curl: true });
    expect(view.services.slice(1).every(({ echo, curl }) => !echo && curl)).toBe(true);
    expect(
      viewOf()
        .services.slice(1)
        .some(({ curl }) => curl),
    ).toBe(false);
  });

  test('shows ports, mode and image as docker does', () => {
    expect(viewOf().services[0]).toMatchObject({
      mode: 'replicated',
      replicas: 3,
      image: 'carmeloc/goweb:1.0',
      ports: [{ published: 8888, target: 8080, protocol: 'tcp', mode: 'ingress' }],
    });
  });

  test('a global service in a rolling update counts every node that keeps a task as wanted', () => {
    const view = viewOf((snapshot) => {
      const goweb = snapshot.services.find(({ Spec }) => Spec.Name === 'goweb')!;
      goweb.Spec.Mode = { Global: {} };
      const tasks = snapshot.tasks.filter(({ ServiceID }) => ServiceID === goweb.ID);
      for (const [at, task] of tasks.entries()) {
        Object.assign(task, { Slot: 0, NodeID: snapshot.nodes[at]?.ID });
      }
      snapshot.upToDate = new Set([tasks[0]!.ID]);
    });
    expect(view.services[0]).toMatchObject({ running: 3, wanted: 3, convergence: { total: 1 } });
  });

  test('a global service has no replica count', () => {
    const view = viewOf(({ services }) => {
      for (const { Spec } of services) Spec.Mode = { Global: {} };
    });
    expect(view.services[0]).toMatchObject({ mode: 'global', replicas: null });
  });
});

describe('consecutive views', () => {
  test('unchanged entities stay the same object', () => {
    const first = buildView(capturedSnapshot(), OPTIONS, NO_MEMORY, 0);
    const second = buildView(capturedSnapshot(), OPTIONS, first.memory, 1000);
    expect(second.view).toEqual(first.view);
    for (const list of ['nodes', 'services', 'tasks'] as const) {
      second.view[list].forEach((entity, at) => expect(entity).toBe(first.view[list][at]));
    }
  });

  test('tasks are lost when their node goes down, although they do not change', () => {
    const first = buildView(capturedSnapshot(), OPTIONS, NO_MEMORY, 0);
    const snapshot = capturedSnapshot();
    for (const node of snapshot.nodes) node.Status.State = 'down';
    const second = buildView(snapshot, OPTIONS, first.memory, 1000);
    expect(second.view.tasks.filter(({ phase }) => phase === 'running')).toEqual([]);
  });

  const SECOND = 1000;

  test("keeps when a task was first seen on its node and running, by the dashboard's clock", () => {
    const own = (states: Partial<Snapshot['tasks'][number]>[], began: number) => {
      let memory = NO_MEMORY;
      return states.map((change, at) => {
        const snapshot = capturedSnapshot();
        const task = snapshot.tasks.find(({ Slot, NodeID }) => Slot === 1 && NodeID);
        if (!task) throw new Error('no such task');
        const written =
          change.Status?.Timestamp === began - 60_000 ? began - 60_000 : began + at * SECOND;
        const times = { CreatedAt: written, UpdatedAt: written };
        Object.assign(task, { Version: { Index: 100_000 + at }, ...times, ...change });
        const made = buildView(snapshot, OPTIONS, memory, began + at * SECOND);
        memory = made.memory;
        const { seenAt, ranAt } = made.view.tasks.find(({ id }) => id === task.ID)!;
        return [seenAt && seenAt - began, ranAt && ranAt - began];
      });
    };
    const status = (State: 'pending' | 'running' | 'failed', Timestamp: number) => ({
      Status: { State, Timestamp, Message: '', Err: '' },
    });
    const began = Date.UTC(2026, 10, 22);
    // Independent of its node's clock: an hour ahead, and an hour behind.
    for (const skew of [3_600_000, -3_600_000]) {
      const reported = [
        { ...status('pending', began + skew), NodeID: '' },
        status('pending', began + skew),
        status('running', began + SECOND + skew),
        status('failed', began + 3 * SECOND + skew),
      ];
      const [waits, placed, runs, failed] = own(reported, began);
      expect([waits, placed]).toEqual([
        [null, null],
        [SECOND, null],
      ]);
      // Between the previous view and this one.
      expect(runs?.[0]).toBe(SECOND);
      expect(runs?.[1]).toBeGreaterThanOrEqual(SECOND);
      expect(runs?.[1]).toBeLessThanOrEqual(2 * SECOND);
      expect(failed).toEqual(runs);
    }
    // A task that ran before the first view is not made younger; one that had ended has no such time.
    expect(own([status('running', began - 60_000)], began)).toEqual([[0, -60_000]]);
    expect(own([status('failed', began - 60_000)], began)).toEqual([[null, null]]);
  });

  test('a task keeps the id of the attempt that followed it first, also when that is gone', () => {
    const look = (memory: typeof NO_MEMORY, attempts: string[]) => {
      const snapshot = capturedSnapshot();
      const model = snapshot.tasks.find(({ Slot, NodeID }) => Slot === 1 && NodeID)!;
      snapshot.tasks = attempts.map((ID) => ({ ...model, ID, CreatedAt: Number(ID.slice(1)) }));
      return buildView(snapshot, OPTIONS, memory, 0);
    };
    const links = ({ view }: ReturnType<typeof buildView>) =>
      Object.fromEntries(view.tasks.map(({ id, nextTaskId }) => [id, nextTaskId]));
    const killed = look(NO_MEMORY, ['t1']);
    const replaced = look(killed.memory, ['t1', 't2']);
    const scaledToZero = look(replaced.memory, ['t1']);
    const scaledUp = look(scaledToZero.memory, ['t1', 't3']);
    expect(links(killed)).toEqual({ t1: null });
    expect(links(replaced)).toEqual({ t1: 't2', t2: null });
    expect(links(scaledToZero)).toEqual({ t1: 't2' });
    expect(links(scaledUp)).toEqual({ t1: 't2', t3: null });
    // Without memory the next listed attempt is the best guess.
    expect(links(look(NO_MEMORY, ['t1', 't3']))).toEqual({ t1: 't3', t3: null });
  });

  test("keeps since when a node has its state: first seen, else the engine's time", () => {
    const began = Date.UTC(2026, 10, 22);
    const look = (memory: typeof NO_MEMORY, at: number, down: boolean) => {
      const snapshot = capturedSnapshot();
      for (const node of snapshot.nodes) {
        node.UpdatedAt = at - 60_000;
        if (down) node.Status.State = 'down';
      }
      return buildView(snapshot, OPTIONS, memory, at);
    };
    const first = look(NO_MEMORY, began, true);
    expect(first.view.nodes[0]?.stateSince).toBe(began - 60_000);
    const still = look(first.memory, began + SECOND, true);
    expect(still.view.nodes[0]).toBe(first.view.nodes[0]);
    const back = look(still.memory, began + 2 * SECOND, false);
    expect(back.view.nodes[0]?.stateSince).toBe(began + SECOND);
  });
});

describe('why a task waits', () => {
  const waits = (
    err: string,
    edit: (snapshot: Snapshot, task: Snapshot['tasks'][number]) => void,
  ) => {
    const snapshot = capturedSnapshot();
    const task = snapshot.tasks.find(({ Status }) => Status.State === 'running');
    if (!task) throw new Error('no running task');
    task.Status = { ...task.Status, State: 'pending', Err: err };
    delete task.NodeID;
    edit(snapshot, task);
    return { snapshot, task };
  };
  const hintOf = ({ view }: ReturnType<typeof buildView>, id: string) =>
    view.tasks.find((task) => task.id === id)?.hint;

  test('is computed from the nodes and follows them while the task stays as it is', () => {
    const { snapshot, task } = waits(
      'no suitable node (scheduling constraints not satisfied on 5 nodes)',
      (_, waiting) => {
        waiting.Spec = { ...waiting.Spec, Placement: { Constraints: ['node.labels.foo==bar'] } };
      },
    );
    const first = buildView(snapshot, OPTIONS, NO_MEMORY, 0);
    expect(hintOf(first, task.ID)).toBe(
      `${first.view.services[0]?.name} needs node.labels.foo==bar; no node has it: \`docker node update --label-add foo=bar zero1\`.`,
    );
    const same = buildView(snapshot, OPTIONS, first.memory, 1000);
    expect(same.view.tasks.every((one, at) => one === first.view.tasks[at])).toBe(true);

    const zero3 = snapshot.nodes.find(({ Description }) => Description?.Hostname === 'zero3');
    if (!zero3) throw new Error('no zero3');
    zero3.Spec = { ...zero3.Spec, Labels: { foo: 'bar' }, Availability: 'drain' };
    const drained = buildView(snapshot, OPTIONS, same.memory, 2000);
    expect(hintOf(drained, task.ID)).toMatch(/^zero3 is drained: `docker node update/);
    zero3.Spec = { ...zero3.Spec, Availability: 'active' };
    // Swarm will notice too; until then its old reason is shown without an outdated hint.
    expect(hintOf(buildView(snapshot, OPTIONS, drained.memory, 3000), task.ID)).toBeNull();
  });

  test('follows what other tasks reserve', () => {
    const { snapshot, task } = waits(
      'no suitable node (insufficient resources on 5 nodes)',
      (all, waiting) => {
        const other = all.tasks.find(({ Status }) => Status.State === 'running');
        all.nodes = all.nodes.filter(({ ID }) => ID === other?.NodeID);
        const MemoryBytes = all.nodes[0]?.Description?.Resources?.MemoryBytes;
        const Reservations = { NanoCPUs: 0, MemoryBytes, GenericResources: undefined };
        waiting.Spec = { ...waiting.Spec, Resources: { Reservations } };
        if (other) other.Spec = waiting.Spec;
      },
    );
    const first = buildView(snapshot, OPTIONS, NO_MEMORY, 0);
    expect(hintOf(first, task.ID)).toMatch(/ of free memory; /);
    for (const one of snapshot.tasks) {
      if (one !== task) one.Status = { ...one.Status, State: 'shutdown' };
    }
    expect(hintOf(buildView(snapshot, OPTIONS, first.memory, 1000), task.ID)).toBeNull();
  });

  test('is derived from the error alone while the list of nodes is refused', () => {
    const { snapshot, task } = waits(
      'no suitable node (insufficient resources on 5 nodes)',
      (all) => void (all.nodes = []),
    );
    expect(hintOf(buildView(snapshot, OPTIONS, NO_MEMORY, 0), task.ID)).toMatch(
      /^5 nodes have less/,
    );
  });
});

test('a node on which a service failed repeatedly is marked for five minutes', () => {
  const snapshot = capturedSnapshot();
  const service = snapshot.services.find(({ Spec }) => Spec.Mode.Replicated);
  const [sample] = snapshot.tasks;
  const zero1 = snapshot.nodes.find(({ Description }) => Description?.Hostname === 'zero1');
  if (!service || !sample || !zero1) throw new Error('no service');
  delete service.PreviousSpec;
  service.Spec.TaskTemplate = {};
  const now = service.CreatedAt + 3_600_000;
  snapshot.tasks = Array.from({ length: 5 }, (_, at) => ({
    ...sample,
    ID: `failed${at}`,
    ServiceID: service.ID,
    NodeID: zero1.ID,
    CreatedAt: now - 10_000,
    UpdatedAt: now - 1000 * at,
    Status: { ...sample.Status, State: 'failed' as const },
  }));
  const first = buildView(snapshot, OPTIONS, NO_MEMORY, now);
  const marked = (view: typeof first.view) =>
    view.nodes.flatMap(({ name, avoided }) => (avoided.length > 0 ? [name] : []));
  expect(marked(first.view)).toEqual(['zero1']);
  // The dashboard's clock is set, and what was remembered with it.
  const moved = new TimeShift(3_600_000).memory(first.memory);
  expect(marked(buildView(snapshot, OPTIONS, moved, now + 3_600_000).view)).toEqual(['zero1']);
  // The engine keeps few tasks: what it has forgotten still counts.
  // A restart does not make them newer.
  const restarted = memoryOf(first.view, now + 60_000);
  const again = (at: number) => marked(buildView(snapshot, OPTIONS, restarted, at).view);
  expect([again(now + 70_000), again(now + 5 * 60_000)]).toEqual([['zero1'], []]);
  snapshot.tasks = [];
  const second = buildView(snapshot, OPTIONS, first.memory, now + 60_000);
  expect(marked(second.view)).toEqual(['zero1']);
  const third = buildView(snapshot, OPTIONS, second.memory, now + 5 * 60_000);
  expect(marked(third.view)).toEqual([]);
});

test('an update is as old after a restart as before', () => {
  const snapshot = capturedSnapshot();
  const [service] = snapshot.services;
  if (!service) throw new Error('no service');
  const StartedAt = service.UpdatedAt + 1000;
  service.UpdateStatus = { State: 'paused', Message: '', StartedAt, CompletedAt: 0 };
  const first = buildView(snapshot, OPTIONS, NO_MEMORY, StartedAt + 60_000);
  const noteAt = (view: typeof first.view) =>
    view.services.find(({ id }) => id === service.ID)?.update?.note?.at;
  expect(noteAt(first.view)).toBe(StartedAt);
  const restarted = memoryOf(first.view, StartedAt + 120_000);
  const { view } = buildView(snapshot, OPTIONS, restarted, StartedAt + 180_000);
  expect(noteAt(view)).toBe(StartedAt);
});
