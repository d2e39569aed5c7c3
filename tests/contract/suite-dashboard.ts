import { describe, expect, test } from 'vitest';
import { dockerEngine } from '@/lib/engine/docker-engine';
import { buildView, NO_MEMORY } from '@/lib/swarm/build-view';
import { nodeDetails, taskDetails } from '@/lib/swarm/details';
import { snapshotOf, VIEW_OPTIONS } from './dashboard-view';
import { type Client, IMAGE, type TestEngine, until } from './engines';
import { createService, untilRunning } from './service-helpers';

/** The dashboard's own client and view on the engine: what a person does on the page. */
export function dashboard(engine: () => TestEngine): void {
  const client = (): Client => engine().client;
  const api = () => dockerEngine({ kind: 'unix', socketPath: engine().socketPath });
  const view = async () =>
    buildView(await snapshotOf(engine()), VIEW_OPTIONS, NO_MEMORY, Date.now()).view;

  describe('the dashboard', () => {
    test('shows the five nodes, and a service whose replicas it scales', async (context) => {
      const name = await createService(context, client(), 'board', { replicas: 1 });
      await untilRunning(client(), name, 1);
      expect(await api().scale(name, 3)).toMatchObject({ from: 1, to: 3 });
      await untilRunning(client(), name, 3);
      const { nodes, services, tasks, engine: shown } = await view();
      expect(Object.fromEntries(nodes.map((node) => [node.name, node.state]))).toEqual({
        ctrl: 'ready',
        zero1: 'ready',
        zero2: 'ready',
        zero3: 'ready',
        zero4: 'ready',
      });
      expect(shown.apiVersion).toBe(engine().version.api);
      const service = services.find((one) => one.name === name);
      expect(service).toMatchObject({
        mode: 'replicated',
        convergence: { phrase: 'overall progress: 3 out of 3 tasks' },
      });
      const own = tasks.filter((task) => task.serviceId === service?.id);
      expect(own.map((task) => `${task.slot} ${task.phase}`).sort()).toEqual([
        '1 running',
        '2 running',
        '3 running',
      ]);
      expect(new Set(own.map((task) => task.nodeId)).size).toBeGreaterThan(1);
    });

    test('has the details of a task and its node: limits, reservations, constraints', async (context) => {
      const MIB = 2 ** 20;
      const name = await createService(context, client(), 'boarddetails', {
        replicas: 1,
        task: {
          Placement: { Constraints: ['node.hostname==zero2'], MaxReplicas: 1 },
          Resources: {
            Reservations: { NanoCPUs: 10_000_000, MemoryBytes: 8 * MIB },
            Limits: { NanoCPUs: 500_000_000, MemoryBytes: 64 * MIB },
          },
        },
      });
      const [task] = await untilRunning(client(), name, 1);
      const snapshot = await snapshotOf(engine());
      const shown = { id: task?.ID ?? '', name: `${name}.1` };
      expect(taskDetails(snapshot, shown, [])).toEqual({
        ...shown,
        image: IMAGE,
        digest: null,
        container: task?.Status.ContainerStatus?.ContainerID,
        constraints: ['node.hostname==zero2'],
        maxPerNode: 1,
        reservations: [
          { resource: 'CPU', unit: 'cpus', amount: 0.01 },
          { resource: 'memory', unit: 'bytes', amount: 8 * MIB },
        ],
        limits: [
          { resource: 'CPU', unit: 'cpus', amount: 0.5 },
          { resource: 'memory', unit: 'bytes', amount: 64 * MIB },
        ],
        states: [],
      });
      const details = nodeDetails(snapshot, { id: task?.NodeID ?? '', name: 'zero2' });
      expect(details?.resources.map(({ resource }) => resource)).toEqual(['CPU', 'memory']);
      for (const { amount, reserved, free } of details?.resources ?? []) {
        expect(amount).toBeGreaterThan(0);
        expect(reserved).toBeGreaterThan(0);
        expect(reserved + free).toBeCloseTo(amount);
      }
    });

    test('receives the event of a change', async (context) => {
      const name = await createService(context, client(), 'boardevent', { replicas: 0 });
      const end = new AbortController();
      const seen: string[] = [];
      let open = false;
      const stream = api().events(
        end.signal,
        ({ Type, Action }) => seen.push(`${Type} ${Action}`),
        () => (open = true),
      );
      await until(() => open, 'the stream is open');
      await api().scale(name, 1);
      await until(() => seen.includes('service update'), 'the event');
      end.abort();
      await stream;
    });

    test('kills a container of its own node, and swarm replaces the task', async (context) => {
      const name = await createService(context, client(), 'boardkill', {
        task: { Placement: { Constraints: ['node.role==manager'] } },
      });
      const [task] = await untilRunning(client(), name, 1);
      await api().killContainer(task?.Status.ContainerStatus?.ContainerID ?? '');
      const [next] = await until(async () => {
        const now = await client().tasks(name);
        return now.length === 2 && now[1]?.Status.State === 'failed' && now;
      }, 'failed and replaced');
      expect(next?.ID).not.toBe(task?.ID);
    });

    test('shows a job that has ended; without jobs, the service that it became', async (context) => {
      const { version } = engine();
      const name = await createService(context, client(), 'boardjob', {
        job: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } },
        task: { ContainerSpec: { Image: IMAGE, Args: ['-help'] } },
      });
      const service = await until(async () => {
        const { services, tasks } = await view();
        const found = services.find((one) => one.name === name);
        const own = tasks.filter((task) => task.serviceId === found?.id);
        return own.some((task) => task.phase === 'finished') && found;
      }, 'a finished task');
      expect(service.mode).toBe(version.atLeast('1.41') ? 'replicated-job' : 'replicated');
    });
  });
}
