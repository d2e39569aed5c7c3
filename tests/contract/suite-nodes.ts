import { describe, expect, test, vi } from 'vitest';
import { dockerEngine } from '@/lib/engine/docker-engine';
import { nodeDetails } from '@/lib/swarm/details';
import { snapshotOf } from './dashboard-view';
import { CLIENTS, docker, NO_CLIENT } from './docker-client';
import { type Client, IMAGE, type TestEngine, until } from './engines';
import {
  createService,
  pollFor,
  running,
  setAvailability,
  untilRunning,
  slots,
} from './service-helpers';

/** Tasks when a node's availability changes. These tests run one after the other, as they share the nodes. */
export function nodes(engine: () => TestEngine): void {
  const client = (): Client => engine().client;
  const nodeId = async (name: string) => (await client().raw('nodes', name)).ID;

  describe('nodes', () => {
    test("drain moves a node's tasks away at once; they do not return", async (context) => {
      const name = await createService(context, client(), 'drain', {
        replicas: 2,
        task: { Placement: { Constraints: ['node.hostname!=ctrl'], MaxReplicas: 1 } },
      });
      const [first] = await untilRunning(client(), name, 2);
      const drained = (await client().nodes()).find((node) => node.ID === first?.NodeID);
      const hostname = drained?.Description?.Hostname ?? '';
      const follow = await client().follow({ type: ['node'] });
      await setAvailability(context, client(), hostname, 'drain');
      const moved = await until(async () => {
        const now = running(await client().tasks(name));
        return now.length === 2 && now.every((task) => task.NodeID !== drained?.ID) && now;
      }, 'moved away');
      expect(slots(moved)).toEqual([1, 2]);
      const old = (await client().tasks(name)).find((task) => task.ID === first?.ID);
      expect(old?.DesiredState).toBe('shutdown');
      await setAvailability(context, client(), hostname, 'active');
      // Other nodes of a real swarm may send events meanwhile.
      const events = () =>
        follow.seen
          .map(({ Actor }) => Actor.Attributes)
          .filter((about) => about['name'] === hostname && 'availability.new' in about);
      await until(() => events().length >= 2, 'both events');
      follow.stop();
      expect(events()).toEqual([
        { name: hostname, 'availability.old': 'active', 'availability.new': 'drain' },
        { name: hostname, 'availability.old': 'drain', 'availability.new': 'active' },
      ]);
      const expected = moved.map((task) => task.ID).sort();
      await pollFor(2000, async () => {
        const now = running(await client().tasks(name));
        expect(now.map((task) => task.ID).sort()).toEqual(expected);
      });
    });

    test.skipIf(NO_CLIENT).each(CLIENTS)(
      '%s node update --availability drain and active',
      async (binary) => {
        const availability = async () => {
          const format = '{{.Availability}}';
          const args = ['node', 'ls', '--filter', 'name=zero1', '--format', format];
          return (await docker(engine(), binary, ...args)).stdout;
        };
        const update = ['node', 'update', '--availability'];
        try {
          const { stdout } = await docker(engine(), binary, ...update, 'drain', 'zero1');
          expect(stdout).toBe('zero1\n');
          expect(await availability()).toBe('Drain\n');
        } finally {
          await docker(engine(), binary, ...update, 'active', 'zero1');
        }
        expect(await availability()).toBe('Active\n');
      },
    );

    test('a paused node keeps its tasks and gets no new ones until it is active', async (context) => {
      const on = { task: { Placement: { Constraints: ['node.hostname==zero4'] } } };
      const name = await createService(context, client(), 'pausenode', { replicas: 1, ...on });
      const [stays] = await untilRunning(client(), name, 1);
      await setAvailability(context, client(), 'zero4', 'pause');
      await client().update('services', name, (spec) => {
        spec['Mode'] = { Replicated: { Replicas: 2 } };
      });
      const waiting = await until(async () => {
        const now = await client().tasks(name);
        return now.find((task) => task.Status.State === 'pending' && task.Status.Err);
      }, 'the second waits');
      expect(waiting.Status.Err.split(/[(;)] ?/)).toContain('1 node not available for new tasks');
      expect(running(await client().tasks(name)).map((task) => task.ID)).toEqual([stays?.ID]);
      await setAvailability(context, client(), 'zero4', 'active');
      const both = await untilRunning(client(), name, 2);
      expect(new Set(both.map((task) => task.NodeID))).toEqual(new Set([await nodeId('zero4')]));
    });

    test('a global service stops its task on a drained node and starts one when the node is active', async (context) => {
      const name = await createService(context, client(), 'globaldrain', { global: true });
      await untilRunning(client(), name, 5);
      const id = await nodeId('zero2');
      await setAvailability(context, client(), 'zero2', 'drain');
      await until(async () => {
        const now = running(await client().tasks(name));
        return now.length === 4 && now.every((task) => task.NodeID !== id);
      }, 'four left');
      await setAvailability(context, client(), 'zero2', 'active');
      const back = await untilRunning(client(), name, 5);
      expect(back.map((task) => task.NodeID)).toContain(id);
    });

    test('a task starts when a node gets the label of its constraint and is rejected when the label is removed', async (context) => {
      const name = await createService(context, client(), 'label', {
        task: { Placement: { Constraints: ['node.labels.contract==yes'] } },
      });
      await until(
        async () => (await client().tasks(name))[0]?.Status.Err !== '',
        'pending with a reason',
      );
      const label = (Labels: Record<string, string>) =>
        client().update('nodes', 'zero3', (spec) => void (spec['Labels'] = Labels));
      await label({ contract: 'yes' });
      try {
        const [task] = await untilRunning(client(), name, 1);
        expect(task?.NodeID).toBe(await nodeId('zero3'));
        const shown = { id: task?.NodeID ?? '', name: 'zero3' };
        expect(nodeDetails(await snapshotOf(engine()), shown)?.labels).toEqual([
          { name: 'contract', value: 'yes' },
        ]);
      } finally {
        await label({});
      }
      const rejected = await until(async () => {
        const now = await client().tasks(name);
        return now.find((task) => task.Status.Err === 'assigned node no longer meets constraints');
      }, 'rejected');
      expect(rejected.Status).toMatchObject({
        State: 'rejected',
        Message: 'task rejected by constraint enforcer',
      });
    });

    test('a paused node keeps a task whose constraint it no longer satisfies, until it is active', async (context) => {
      const label = (Labels: Record<string, string>) =>
        client().update('nodes', 'zero3', (spec) => void (spec['Labels'] = Labels));
      context.onTestFinished(() => label({}));
      await label({ contract: 'yes' });
      const name = await createService(context, client(), 'pausedlabel', {
        task: { Placement: { Constraints: ['node.labels.contract==yes'] } },
      });
      const [task] = await untilRunning(client(), name, 1);
      await setAvailability(context, client(), 'zero3', 'pause');
      await label({});
      await pollFor(2000, async () => {
        expect(running(await client().tasks(name)).map(({ ID }) => ID)).toEqual([task?.ID]);
      });
      await setAvailability(context, client(), 'zero3', 'active');
      await until(async () => {
        const now = await client().tasks(name);
        return now.some(({ ID, Status }) => ID === task?.ID && Status.State === 'rejected');
      }, 'rejected');
    });

    test('gives the reason why a task is pending: its only node is drained', async (context) => {
      await setAvailability(context, client(), 'zero4', 'drain');
      const name = await createService(context, client(), 'wait-drained', {
        task: { Placement: { Constraints: ['node.hostname==zero4'] } },
      });
      const waits = await until(async () => {
        const [now] = await client().tasks(name);
        return now && now.Status.Err !== '' && now;
      }, 'a reason');
      expect(waits.Status.Err).toBe(
        'no suitable node (scheduling constraints not satisfied on 4 nodes; 1 node not available for new tasks)',
      );
    });

    test('a promoted node becomes a manager that can be reached, and a worker again when it is demoted', async (context) => {
      const api = dockerEngine({ kind: 'unix', socketPath: engine().socketPath });
      // Two managers of a busy machine can be without a leader for a moment.
      const led = <T>(ask: () => Promise<T>) =>
        vi.waitFor(ask, { timeout: 120_000, interval: 250 });
      const role = (to: string) =>
        led(() => api.changeNode('zero1', (spec) => ({ ...spec, Role: to })));
      context.onTestFinished(async () => void (await role('worker')));
      const manager = async () =>
        (await led(() => client().nodes())).find(
          ({ Description }) => Description?.Hostname === 'zero1',
        )?.ManagerStatus;
      await role('manager');
      const status = await until(async () => {
        const now = await manager();
        return now?.Reachability === 'reachable' && now;
      }, 'a manager');
      expect(status).toMatchObject({ Leader: false, Addr: expect.stringMatching(/:2377$/) });
      // A manager has to be demoted before it is removed.
      await led(() =>
        expect(api.removeNode('zero1')).rejects.toMatchObject({
          message: expect.stringContaining('must be demoted to worker before removal'),
        }),
      );
      await role('worker');
      await until(async () => (await manager()) === undefined, 'a worker');
      expect((await client().raw('nodes', 'zero1')).Spec).toMatchObject({ Role: 'worker' });
    });

    // On real engines each attempt takes a second or two.
    test(
      'prefers other nodes over one where a service failed five times, until its next update',
      { timeout: 360_000 },
      async (context) => {
        const others = ['ctrl', 'zero1', 'zero2', 'zero3'];
        for (const node of others) await setAvailability(context, client(), node, 'drain');
        const name = await createService(context, client(), 'avoided', {
          task: {
            // echo-server ends at once for an unknown option.
            ContainerSpec: { Image: IMAGE, Args: ['-nosuch'] },
            RestartPolicy: { Condition: 'any', Delay: 1_000_000, MaxAttempts: 0 },
          },
        });
        const zero4 = await nodeId('zero4');
        const seen = new Map<string, string | null | undefined>();
        const attempts = async () => {
          for (const task of await client().tasks(name)) {
            if (task.Status.State === 'failed') seen.set(task.ID, task.NodeID);
          }
          return [...seen.values()];
        };
        await until(async () => (await attempts()).length >= 7, 'seven failures on zero4', 240_000);
        expect(new Set(seen.values())).toEqual(new Set([zero4]));

        const before = seen.size;
        for (const node of others) {
          await client().update('nodes', node, (spec) => void (spec['Availability'] = 'active'));
        }
        await until(async () => (await attempts()).length >= before + 10, 'ten more', 240_000);
        // The first one or two may have been assigned before the other nodes were active.
        expect([...seen.values()].slice(before + 2)).not.toContain(zero4);

        await client().update('services', name, (spec) => {
          spec['Mode'] = { Replicated: { Replicas: 2 } };
        });
        const updated = seen.size;
        await until(
          async () => (await attempts()).slice(updated).includes(zero4),
          'zero4 again after the update',
          240_000,
        );
      },
    );
  });
}
