import { describe, expect, test } from 'vitest';
import { stateRank, type TaskState } from '@/lib/swarm/task-state';
import { type Client, IMAGE, NO_IMAGE, type TestEngine, until } from './engines';
import { createService, pollFor, running, slots, untilRunning } from './service-helpers';

const replicas = (count: number) => (spec: Record<string, unknown>) =>
  void (spec['Mode'] = { Replicated: { Replicas: count } });

const constraints = (constraint: string) => (spec: Record<string, unknown>) =>
  void (spec['TaskTemplate'] = {
    ...Object(spec['TaskTemplate']),
    Placement: { Constraints: [constraint] },
  });

const image = (reference: string) => (spec: Record<string, unknown>) => {
  const task = Object(spec['TaskTemplate']);
  const ContainerSpec = { ...task.ContainerSpec, Image: reference };
  spec['TaskTemplate'] = { ...task, ContainerSpec };
};

/** Services: states of tasks, scaling, updates, failures, placement, events. */
export function services(engine: () => TestEngine): void {
  const client = (): Client => engine().client;

  describe('services', () => {
    test('a task goes through its states in order until it runs', async (context) => {
      const name = await createService(context, client(), 'states');
      const seen: TaskState[] = [];
      const task = await until(async () => {
        const [now] = await client().tasks(name);
        if (now && now.Status.State !== seen.at(-1)) seen.push(now.Status.State);
        return now && now.Status.State === 'running' && now;
      }, 'running');
      const ranks = seen.map(stateRank);
      expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
      expect(seen.every((state) => stateRank(state) <= stateRank('running'))).toBe(true);
      expect(seen).toContain('starting');
      expect(task.Status.ContainerStatus?.ExitCode).toBe(0);
    });

    test('a scale-up spreads tasks over the nodes, a scale-down keeps the low slots and removes the others', async (context) => {
      const name = await createService(context, client(), 'scale', { replicas: 2 });
      const before = await untilRunning(client(), name, 2);
      const { Version } = await client().service(name);
      await client().update('services', name, replicas(5));
      const five = await untilRunning(client(), name, 5);
      expect(new Set(five.map((task) => task.NodeID)).size).toBe(5);
      expect(slots(five)).toEqual([1, 2, 3, 4, 5]);
      const ids = five.map((task) => task.ID);
      for (const task of before) expect(ids).toContain(task.ID);
      await client().update('services', name, replicas(2));
      const left = await untilRunning(client(), name, 2);
      // Only certain with one task on each node, as here: swarm first removes a node's second task.
      expect(slots(left)).toEqual([1, 2]);
      const gone = await until(
        async () => (await client().tasks(name)).length === 2,
        'removed tasks vanish',
      );
      expect(gone).toBe(true);
      const service = await client().service(name);
      expect(service.Version.Index).toBeGreaterThan(Version.Index);
      expect(service.PreviousSpec).toMatchObject({ Mode: { Replicated: { Replicas: 5 } } });
      expect(service.UpdateStatus ?? undefined).toBeUndefined();
    });

    test('a rollback restores the previous spec, a second rollback undoes the first', async (context) => {
      const name = await createService(context, client(), 'rollback', { replicas: 1 });
      await untilRunning(client(), name, 1);
      await client().update('services', name, replicas(2));
      await untilRunning(client(), name, 2);
      const back = () => {};
      await client().update('services', name, back, '&rollback=previous');
      await untilRunning(client(), name, 1);
      const first = await until(async () => {
        const service = await client().service(name);
        return service.UpdateStatus?.State === 'rollback_completed' && service;
      }, 'rollback completed');
      expect(first.UpdateStatus?.Message).toBe('rollback completed');
      expect(first.PreviousSpec).toMatchObject({ Mode: { Replicated: { Replicas: 2 } } });
      await client().update('services', name, back, '&rollback=previous');
      await untilRunning(client(), name, 2);
    });

    test('a rolling update replaces one task after the other and completes after its monitor window', async (context) => {
      const name = await createService(context, client(), 'rolling', {
        replicas: 2,
        UpdateConfig: { Parallelism: 1, Monitor: 1_000_000_000 },
      });
      const before = (await untilRunning(client(), name, 2)).map((task) => task.ID);
      const follow = await client().follow({ type: ['service'], service: [name] });
      await client().update('services', name, (spec) => {
        spec['TaskTemplate'] = { ...Object(spec['TaskTemplate']), ForceUpdate: 1 };
      });
      const service = await until(async () => {
        const now = await client().tasks(name);
        const stopping = now.filter(
          (task) => before.includes(task.ID) && task.DesiredState === 'shutdown',
        );
        const replaced = running(now).filter((task) => !before.includes(task.ID));
        // The second task is not stopped before the first one's replacement runs.
        expect(stopping.length - replaced.length).toBeLessThanOrEqual(1);
        const look = await client().service(name);
        return look.UpdateStatus?.State === 'completed' && look;
      }, 'update completed');
      expect(service.UpdateStatus).toMatchObject({ Message: 'update completed' });
      const tasks = await client().tasks(name);
      expect(running(tasks)).toHaveLength(2);
      const newest = Math.max(...running(tasks).map((task) => task.Status.Timestamp));
      expect((service.UpdateStatus?.CompletedAt ?? 0) - newest).toBeGreaterThan(800);
      const old = tasks.filter((task) => task.DesiredState === 'shutdown');
      expect(old.map((task) => task.Status.State)).toEqual(['shutdown', 'shutdown']);
      const upToDate = await client().tasks(name, { '_up-to-date': ['true'] });
      expect(upToDate.map((task) => task.ID).sort()).toEqual(
        running(tasks)
          .map((task) => task.ID)
          .sort(),
      );
      const states = () =>
        follow.seen.flatMap(({ Actor }) => Actor.Attributes['updatestate.new'] ?? []);
      await until(() => states().length === 2, 'both events');
      follow.stop();
      expect(states()).toEqual(['updating', 'completed']);
    });

    const upToDate = async (name: string) => {
      const tasks = await client().tasks(name, { '_up-to-date': ['true'] });
      return tasks.map(({ ID }) => ID).sort();
    };

    test('a new published port makes tasks outdated, though their specs do not contain it', async (context) => {
      const name = await createService(context, client(), 'published', { replicas: 2 });
      const ids = (await untilRunning(client(), name, 2)).map(({ ID }) => ID);
      await client().update('services', name, (spec) => {
        spec['EndpointSpec'] = { Ports: [{ Protocol: 'tcp', TargetPort: 8080 }] };
      });
      const listed = await upToDate(name);
      for (const id of ids) expect(listed).not.toContain(id);
    });

    test('an update of constraints alone replaces only tasks whose node does not satisfy them', async (context) => {
      const name = await createService(context, client(), 'constraints', {
        replicas: 2,
        task: { Placement: { Constraints: ['node.role==worker'] } },
        UpdateConfig: { Parallelism: 1, Monitor: 300_000_000 },
      });
      const [first, second] = await untilRunning(client(), name, 2);
      await client().update('services', name, constraints('node.hostname!=ctrl'));
      await pollFor(1500, async () => {
        expect(new Set(await upToDate(name))).toEqual(new Set([first?.ID, second?.ID]));
      });
      // No task needed an update, so there is no UpdateStatus.
      expect((await client().service(name)).UpdateStatus ?? undefined).toBeUndefined();
      expect((await client().tasks(name))[0]?.Spec.Placement?.Constraints).toEqual([
        'node.role==worker',
      ]);

      await client().update('services', name, constraints(`node.id!=${first?.NodeID}`));
      await until(async () => {
        const { UpdateStatus } = await client().service(name);
        return UpdateStatus?.State === 'completed';
      }, 'update completed');
      const now = running(await client().tasks(name));
      const kept = now.filter((task) => task.ID === second?.ID);
      expect(now).toHaveLength(2);
      // The second one may have been on the same node.
      expect(kept).toHaveLength(first?.NodeID === second?.NodeID ? 0 : 1);
      expect(now.every((task) => task.NodeID !== first?.NodeID)).toBe(true);
      expect(await upToDate(name)).toEqual(expect.arrayContaining(now.map((task) => task.ID)));
    });

    test('an update of preferences, the maximum per node or labels alone replaces no task', async (context) => {
      const name = await createService(context, client(), 'placement', { replicas: 2 });
      const ids = (await untilRunning(client(), name, 2)).map(({ ID }) => ID).sort();
      const place = (Placement: object) => (spec: Record<string, unknown>) =>
        void (spec['TaskTemplate'] = { ...Object(spec['TaskTemplate']), Placement });
      for (const change of [
        place({ Preferences: [{ Spread: { SpreadDescriptor: 'node.labels.rack' } }] }),
        place({ MaxReplicas: 2 }),
        (spec: Record<string, unknown>) => void (spec['Labels'] = { some: 'thing' }),
      ]) {
        await client().update('services', name, change);
        await pollFor(700, async () => {
          expect(await upToDate(name)).toEqual(ids);
          expect((await client().service(name)).UpdateStatus ?? undefined).toBeUndefined();
        });
      }
      expect((await client().tasks(name)).map(({ ID }) => ID).sort()).toEqual(ids);
    });

    test('start-first runs the new task before the old one stops', async (context) => {
      const name = await createService(context, client(), 'startfirst', {
        UpdateConfig: { Parallelism: 1, Monitor: 100_000_000, Order: 'start-first' },
      });
      const [old] = await untilRunning(client(), name, 1);
      await client().update('services', name, (spec) => {
        spec['TaskTemplate'] = { ...Object(spec['TaskTemplate']), ForceUpdate: 1 };
      });
      const tasks = await until(async () => {
        const look = await client().tasks(name);
        return look.some((task) => task.ID === old?.ID && task.DesiredState === 'shutdown') && look;
      }, 'the old task is to stop');
      // In the same response the new task runs.
      expect(running(tasks)).toHaveLength(1);
      const [now] = await untilRunning(client(), name, 1);
      expect(now?.ID).not.toBe(old?.ID);
    });

    test('an update to an image that does not exist pauses and names the failed task', async (context) => {
      const name = await createService(context, client(), 'pause', {
        UpdateConfig: { Parallelism: 1, Monitor: 300_000_000 },
      });
      await untilRunning(client(), name, 1);
      await client().update('services', name, image(NO_IMAGE));
      const service = await until(async () => {
        const now = await client().service(name);
        return now.UpdateStatus?.State === 'paused' && now;
      }, 'paused');
      expect(service.UpdateStatus?.Message).toMatch(
        /^update paused due to failure or early termination of task [a-z0-9]{25}$/,
      );
      const rejected = (await client().tasks(name)).find(
        (task) => task.Status.State === 'rejected',
      );
      expect(rejected?.Status).toMatchObject({
        Message: 'preparing',
        Err: `No such image: ${NO_IMAGE}`,
      });
    });

    test('an update with failure action rollback is rolled back when a task fails', async (context) => {
      const name = await createService(context, client(), 'undo', {
        UpdateConfig: { Parallelism: 1, Monitor: 300_000_000, FailureAction: 'rollback' },
        RollbackConfig: { Parallelism: 1, Monitor: 300_000_000 },
      });
      await untilRunning(client(), name, 1);
      await client().update('services', name, image(NO_IMAGE));
      const service = await until(async () => {
        const now = await client().service(name);
        return now.UpdateStatus?.State === 'rollback_completed' && now;
      }, 'rolled back');
      expect(service.Spec.TaskTemplate.ContainerSpec?.Image).toBe(IMAGE);
      expect(service.PreviousSpec ?? undefined).toBeUndefined();
      await untilRunning(client(), name, 1);
    });

    test('keeps five tasks of a slot, including the current one', async (context) => {
      const name = await createService(context, client(), 'history', {
        image: NO_IMAGE,
        task: { RestartPolicy: { Condition: 'any', Delay: 1_000_000, MaxAttempts: 0 } },
      });
      const first = new Set<string>();
      const kept = await until(async () => {
        const tasks = await client().tasks(name);
        for (const task of tasks) first.add(task.ID);
        return first.size >= 8 && tasks.length === 5 && tasks;
      }, 'eight attempts, five of them kept');
      expect(slots(kept)).toEqual([1, 1, 1, 1, 1]);
    });

    test('stops restarting a task after the maximum number of attempts', async (context) => {
      const name = await createService(context, client(), 'attempts', {
        image: NO_IMAGE,
        task: { RestartPolicy: { Condition: 'any', Delay: 1_000_000, MaxAttempts: 2 } },
      });
      const tasks = await until(async () => {
        const now = await client().tasks(name);
        const over = now.every((task) => task.Status.State === 'rejected');
        const still = now.every((task) => task.DesiredState === 'shutdown');
        return now.length === 3 && over && still && now;
      }, 'three attempts, all over');
      expect(tasks.map((task) => task.Slot)).toEqual([1, 1, 1]);
    });

    test('a global service runs one task on every node that satisfies its constraints', async (context) => {
      const name = await createService(context, client(), 'global', {
        global: true,
        task: { Placement: { Constraints: ['node.role==worker'] } },
      });
      const tasks = await untilRunning(client(), name, 4);
      expect(new Set(tasks.map((task) => task.NodeID)).size).toBe(4);
      expect(tasks.every((task) => task.Slot === undefined)).toBe(true);
    });

    test.for([
      [
        'constraint',
        { Placement: { Constraints: ['node.hostname==nosuch'] } },
        'no suitable node (scheduling constraints not satisfied on 5 nodes)',
      ],
      [
        'platform',
        { Placement: { Platforms: [{ Architecture: 'mips', OS: 'linux' }] } },
        'no suitable node (unsupported platform on 5 nodes)',
      ],
      [
        'resources',
        { Resources: { Reservations: { NanoCPUs: 64_000_000_000 } } },
        'no suitable node (insufficient resources on 5 nodes)',
      ],
      [
        'generic-resources',
        {
          Resources: {
            Reservations: {
              GenericResources: [{ DiscreteResourceSpec: { Kind: 'gpu', Value: 1 } }],
            },
          },
        },
        'no suitable node (insufficient resources on 5 nodes)',
      ],
      [
        'log-driver',
        { LogDriver: { Name: 'nosuch' } },
        'no suitable node (missing plugin on 5 nodes)',
      ],
      [
        'volume-driver',
        {
          ContainerSpec: {
            Image: IMAGE,
            Mounts: [
              {
                Type: 'volume',
                Source: 'contract',
                Target: '/contract',
                VolumeOptions: { DriverConfig: { Name: 'nosuch' } },
              },
            ],
          },
        },
        'no suitable node (missing plugin on 5 nodes)',
      ],
    ] as const)(
      'gives the reason why a task is pending: %s',
      async ([what, task, reason], context) => {
        const name = await createService(context, client(), `wait-${what}`, { task: { ...task } });
        const waiting = await until(async () => {
          const [now] = await client().tasks(name);
          return now && now.Status.Err !== '' && now;
        }, 'a reason');
        expect(waiting.Status).toMatchObject({
          State: 'pending',
          Message: 'pending task scheduling',
          Err: reason,
        });
        expect(waiting.NodeID).toBeUndefined();
      },
    );

    test('gives the reason why a task is pending: replicas per node and a constraint', async (context) => {
      const name = await createService(context, client(), 'wait-max', {
        replicas: 5,
        task: { Placement: { MaxReplicas: 1, Constraints: ['node.role==worker'] } },
      });
      const tasks = await until(async () => {
        const now = await client().tasks(name);
        const waits = now.filter((task) => task.Status.State === 'pending' && task.Status.Err);
        return running(now).length === 4 && waits.length === 1 && now;
      }, 'four run, one waits');
      // The first attempt to schedule may count only the nodes that were left; later ones count all.
      const reason =
        'no suitable node (max replicas per node limit exceed; scheduling constraints not satisfied on 1 node)';
      const waits = tasks.filter((task) => task.Status.State === 'pending');
      expect([reason, 'no suitable node (max replicas per node limit exceed)']).toContain(
        waits[0]?.Status.Err,
      );
    });

    test('gives the reason why a task is pending: a port in host mode', async (context) => {
      const name = await createService(context, client(), 'wait-port', {
        replicas: 6,
        EndpointSpec: {
          Mode: 'vip',
          Ports: [
            { Protocol: 'tcp', TargetPort: 8080, PublishedPort: 18_081, PublishMode: 'host' },
          ],
        },
      });
      const waits = await until(async () => {
        const now = await client().tasks(name);
        const waiting = now.find((task) => task.Status.State === 'pending' && task.Status.Err);
        return running(now).length === 5 && waiting;
      }, 'five run, one waits');
      // As with replicas per node, the first attempt may count fewer nodes.
      expect(waits.Status.Err).toMatch(
        /^no suitable node \(host-mode port already in use on [1-5] nodes?\)$/,
      );
    });

    test('sends events for create, scale and remove, in this order', async (context) => {
      const follow = await client().follow({ scope: ['swarm'], type: ['service'] });
      const name = await createService(context, client(), 'events', { replicas: 0 });
      await client().update('services', name, replicas(1));
      await client().call('DELETE', `/services/${name}`);
      const mine = () => follow.seen.filter(({ Actor }) => Actor.Attributes['name'] === name);
      await until(() => mine().some(({ Action }) => Action === 'remove'), 'the last event');
      follow.stop();
      const events = mine().filter(
        ({ Action, Actor }) => Action !== 'update' || 'replicas.new' in Actor.Attributes,
      );
      expect(events.map(({ Action, scope }) => [Action, scope])).toEqual([
        ['create', 'swarm'],
        ['update', 'swarm'],
        ['remove', 'swarm'],
      ]);
      expect(events[1]?.Actor.Attributes).toEqual({
        name,
        'replicas.old': '0',
        'replicas.new': '1',
      });
    });

    test('tasks of a removed service stay until they have stopped, and swarm wants them removed', async (context) => {
      const name = await createService(context, client(), 'grace', {
        // The process ignores this signal, so it runs until it is killed.
        task: { ContainerSpec: { Image: IMAGE, StopSignal: 'SIGWINCH', StopGracePeriod: 4e9 } },
      });
      const [task] = await untilRunning(client(), name, 1);
      await client().call('DELETE', `/services/${name}`);
      const removed = Date.now();
      const look = async () => (await client().call('GET', `/tasks/${task?.ID}`)).body;
      await until(async () => Object(await look()).DesiredState === 'remove', 'to be removed');
      await pollFor(2000, async () => {
        expect(await look()).toMatchObject({
          ServiceID: task?.ServiceID,
          NodeID: task?.NodeID,
          DesiredState: 'remove',
          Status: { State: 'running' },
        });
      });
      await until(async () => {
        const { status } = await client().call('GET', `/tasks/${task?.ID}`);
        return status === 404;
      }, 'it is gone');
      expect(Date.now() - removed).toBeGreaterThan(3500);
    });

    test('removing a service removes its tasks', async (context) => {
      const name = await createService(context, client(), 'remove', { replicas: 2 });
      const ids = (await untilRunning(client(), name, 2)).map((task) => task.ID);
      expect((await client().call('DELETE', `/services/${name}`)).status).toBe(200);
      expect((await client().call('GET', `/services/${name}`)).status).toBe(404);
      await until(async () => {
        const looks = await Promise.all(ids.map((id) => client().call('GET', `/tasks/${id}`)));
        return looks.every(({ status }) => status === 404);
      }, 'its tasks are gone');
    });
  });
}
