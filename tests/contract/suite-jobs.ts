import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { VersionRules } from './engine-version';
import { type Client, IMAGE, serviceName, type TestEngine, until } from './engines';
import { createService, pollFor, specOf } from './service-helpers';

/** echo-server prints its usage and ends with 0, or ends with 2. */
const SUCCEEDS = { ContainerSpec: { Image: IMAGE, Args: ['-help'] } };
const FAILS = { ContainerSpec: { Image: IMAGE, Args: ['-nosuch'] } };

const iteration = z.object({ Index: z._default(z.number(), 0) });
const jobSchema = z.object({
  Spec: z.object({ Mode: z.record(z.string(), z.unknown()) }),
  JobStatus: z.object({ JobIteration: iteration, LastExecution: z.string() }),
  UpdateStatus: z.optional(z.object({ State: z.string() })),
  ServiceStatus: z.optional(z.record(z.string(), z.number())),
});
const taskSchema = z.object({
  ID: z.string(),
  Slot: z.optional(z.number()),
  NodeID: z._default(z.string(), ''),
  DesiredState: z.string(),
  Status: z.object({ State: z.string(), Message: z.string(), Err: z._default(z.string(), '') }),
  JobIteration: iteration,
});
type JobTask = z.infer<typeof taskSchema>;

async function jobOf(client: Client, name: string) {
  const filters = encodeURIComponent(JSON.stringify({ name: [name] }));
  const { body } = await client.call('GET', `/services?status=true&filters=${filters}`);
  const [job] = z.parse(z.array(jobSchema), body);
  if (!job) throw new Error(`there is no job ${name}`);
  return job;
}

async function jobTasks(client: Client, name: string, more: Record<string, string[]> = {}) {
  const filters = encodeURIComponent(JSON.stringify({ service: [name], ...more }));
  const { body } = await client.call('GET', `/tasks?filters=${filters}`);
  return z.parse(z.array(taskSchema), body);
}

const ofIteration = (tasks: readonly JobTask[], index: number) =>
  tasks.filter((task) => task.JobIteration.Index === index);
const slotsOf = (tasks: readonly JobTask[]) =>
  tasks.map((task) => task.Slot ?? 0).sort((a, b) => a - b);
const isComplete = ({ Status }: JobTask) => Status.State === 'complete';

/** Waits until `count` tasks of an iteration have completed; `look` sees every poll's tasks. */
function completed(
  client: Client,
  name: string,
  { index = 0, count }: { index?: number; count: number },
  look: (tasks: JobTask[]) => void = () => {},
): Promise<JobTask[]> {
  return until(async () => {
    const all = await jobTasks(client, name);
    look(all);
    const tasks = ofIteration(all, index);
    return tasks.filter(isComplete).length === count && tasks;
  }, `${name}: ${count} tasks of iteration ${index} complete`);
}

/** What a client of API 1.40 gets, on any engine that accepts it. */
export function withoutJobs(engine: () => TestEngine): void {
  const client = (): Client => engine().client;

  test('a client of API 1.40 knows no jobs: it gets a replicated service', async (context) => {
    if (!engine().version.accepts('1.40')) return;
    const name = serviceName('job140');
    context.onTestFinished(async () => void (await client().call('DELETE', `/services/${name}`)));
    const spec = specOf(name, { job: { ReplicatedJob: { MaxConcurrent: 2 } }, task: SUCCEEDS });
    const { status } = await client().call('POST', '/v1.40/services/create', spec);
    expect(status).toBe(201);
    const { Spec } = await client().raw('services', name);
    expect(Spec['Mode']).toEqual({ Replicated: { Replicas: 1 } });
  });
}

/** What engines do differently with jobs. */
export function jobDifferences(engine: () => TestEngine): void {
  const client = (): Client => engine().client;

  test('removing a job removes its tasks; before 1.42 they stay', async (context) => {
    const job = { ReplicatedJob: {} };
    const name = await createService(context, client(), 'jobremove', { job, task: SUCCEEDS });
    const [task] = await completed(client(), name, { count: 1 });
    await client().call('DELETE', `/services/${name}`);
    const status = async () => (await client().call('GET', `/tasks/${task?.ID}`)).status;
    const removes = engine().version.atLeast('1.42');
    if (removes) await until(async () => (await status()) === 404, 'its task is removed');
    await pollFor(1500, async () => expect(await status()).toBe(removes ? 404 : 200));
  });

  withoutJobs(engine);
}

/** Jobs: services whose tasks run to completion. */
export function jobs(engine: () => TestEngine): void {
  const client = (): Client => engine().client;

  describe('jobs', () => {
    test('a replicated job completes its tasks one after the other', async (context) => {
      const job = { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 3 } };
      const name = await createService(context, client(), 'job', { job, task: SUCCEEDS });
      const tasks = await completed(client(), name, { count: 3 }, (seen) => {
        expect(seen.filter((task) => !isComplete(task)).length).toBeLessThanOrEqual(1);
        for (const task of seen) expect(task.DesiredState).toBe('complete');
      });
      expect(slotsOf(tasks)).toEqual([0, 1, 2]);
      expect(tasks.filter((task) => task.Slot === undefined)).toHaveLength(1);
      for (const { Status } of tasks) expect(Status.Message).toBe('finished');
      const after = await jobOf(client(), name);
      expect(after.ServiceStatus).toEqual({ RunningTasks: 0, DesiredTasks: 1, CompletedTasks: 3 });
      expect(after.Spec.Mode).toEqual(job);
      expect(after.JobStatus.JobIteration.Index).toBe(0);
      const upToDate = await jobTasks(client(), name, { '_up-to-date': ['true'] });
      expect(upToDate).toHaveLength(3);
    });

    test('a global job completes once on every node that satisfies its constraints', async (context) => {
      const name = await createService(context, client(), 'globaljob', {
        job: { GlobalJob: {} },
        task: { ...SUCCEEDS, Placement: { Constraints: ['node.role==worker'] } },
      });
      const tasks = await completed(client(), name, { count: 4 });
      expect(tasks).toHaveLength(4);
      expect(new Set(tasks.map((task) => task.NodeID)).size).toBe(4);
      expect(tasks.every((task) => task.Slot === undefined)).toBe(true);
      const after = await jobOf(client(), name);
      expect(after.ServiceStatus).toEqual({ RunningTasks: 0, DesiredTasks: 0, CompletedTasks: 4 });
    });

    test('a forced update of a global job removes the tasks of the iteration before', async (context) => {
      const name = await createService(context, client(), 'globalforce', {
        job: { GlobalJob: {} },
        task: { ...SUCCEEDS, Placement: { Constraints: ['node.role==worker'] } },
      });
      await completed(client(), name, { count: 4 });
      await client().update('services', name, forceUpdate);
      await completed(client(), name, { index: 1, count: 4 });
      await until(async () => (await jobTasks(client(), name)).length === 4, 'old tasks removed');
    });

    test('a failed task is restarted as often as the policy allows, then the job stops', async (context) => {
      const name = await createService(context, client(), 'jobfails', {
        job: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } },
        task: {
          ...FAILS,
          RestartPolicy: { Condition: 'on-failure', Delay: 300_000_000, MaxAttempts: 1 },
        },
      });
      const tasks = await until(async () => {
        const now = await jobTasks(client(), name);
        return (
          now.length === 2 && now.every(({ DesiredState }) => DesiredState === 'shutdown') && now
        );
      }, 'two attempts, both over');
      expect(slotsOf(tasks)).toEqual([0, 0]);
      for (const { Status } of tasks) {
        expect(Status).toMatchObject({ State: 'failed', Err: 'task: non-zero exit (2)' });
      }
      const after = await jobOf(client(), name);
      expect(after.ServiceStatus).toEqual({ RunningTasks: 0, DesiredTasks: 1, CompletedTasks: 0 });
    });

    test('a restarted task waits in desired state ready, then gets complete', async (context) => {
      const name = await createService(context, client(), 'jobretry', {
        job: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } },
        task: {
          ...FAILS,
          RestartPolicy: { Condition: 'on-failure', Delay: 1_500_000_000, MaxAttempts: 1 },
        },
      });
      const seen = new Map<string, string[]>();
      await until(async () => {
        const now = await jobTasks(client(), name);
        for (const { ID, DesiredState } of now) {
          const states = seen.get(ID) ?? [];
          if (states.at(-1) !== DesiredState) seen.set(ID, [...states, DesiredState]);
        }
        return now.length === 2 && now.every(({ DesiredState }) => DesiredState === 'shutdown');
      }, 'both attempts over');
      expect([...seen.values()]).toEqual([
        ['complete', 'shutdown'],
        ['ready', 'complete', 'shutdown'],
      ]);
    });

    test('a forced update runs a replicated job again and keeps the completed tasks', async (context) => {
      const job = { ReplicatedJob: { MaxConcurrent: 2, TotalCompletions: 2 } };
      const name = await createService(context, client(), 'jobforce', { job, task: SUCCEEDS });
      const first = await completed(client(), name, { count: 2 });
      const before = await jobOf(client(), name);
      await client().update('services', name, forceUpdate);
      const second = await completed(client(), name, { index: 1, count: 2 });
      const all = await jobTasks(client(), name);
      expect(idsOf(all)).toEqual(idsOf([...first, ...second]));
      const upToDate = await jobTasks(client(), name, { '_up-to-date': ['true'] });
      expect(idsOf(upToDate)).toEqual(idsOf(second));
      const after = await jobOf(client(), name);
      expect(after.JobStatus.JobIteration.Index).toBe(1);
      expect(after.JobStatus.LastExecution > before.JobStatus.LastExecution).toBe(true);
      expect(after.UpdateStatus).toBeUndefined();
    });

    test('a scale starts a new iteration; earlier tasks stay up to date', async (context) => {
      const job = { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } };
      const name = await createService(context, client(), 'jobscale', { job, task: SUCCEEDS });
      await completed(client(), name, { count: 1 });
      await client().update('services', name, (spec) => {
        spec['Mode'] = { ReplicatedJob: { MaxConcurrent: 3, TotalCompletions: 3 } };
      });
      const tasks = await completed(client(), name, { index: 1, count: 3 });
      expect(slotsOf(tasks)).toEqual([0, 1, 2]);
      const upToDate = await jobTasks(client(), name, { '_up-to-date': ['true'] });
      expect(upToDate).toHaveLength(4);
      const after = await jobOf(client(), name);
      expect(after.ServiceStatus).toEqual({ RunningTasks: 0, DesiredTasks: 3, CompletedTasks: 3 });
    });

    test('a rollback of a job runs the previous spec as a new iteration', async (context) => {
      const job = { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } };
      const name = await createService(context, client(), 'jobrollback', { job, task: SUCCEEDS });
      await completed(client(), name, { count: 1 });
      await client().update('services', name, forceUpdate);
      await completed(client(), name, { index: 1, count: 1 });
      await client().update('services', name, () => {}, '&rollback=previous');
      await completed(client(), name, { index: 2, count: 1 });
      expect((await jobOf(client(), name)).UpdateStatus?.State).toBe('rollback_started');
    });

    test('TotalCompletions defaults to MaxConcurrent, which defaults to 1', async (context) => {
      const modes = [
        [{}, { MaxConcurrent: 1, TotalCompletions: 1 }],
        [{ MaxConcurrent: 2 }, { MaxConcurrent: 2, TotalCompletions: 2 }],
        [{ TotalCompletions: 2 }, { MaxConcurrent: 1, TotalCompletions: 2 }],
      ] as const;
      for (const [given, kept] of modes) {
        const job = { ReplicatedJob: given };
        const name = await createService(context, client(), 'jobdefaults', { job, task: SUCCEEDS });
        const { Spec } = await jobOf(client(), name);
        expect(Spec.Mode).toEqual({ ReplicatedJob: kept });
        await completed(client(), name, { count: kept.TotalCompletions });
      }
    });

    test('lists jobs by mode, and refuses a change of mode', async (context) => {
      const job = { ReplicatedJob: {} };
      const name = await createService(context, client(), 'jobmode', { job, task: SUCCEEDS });
      for (const [mode, listed] of [
        ['replicated-job', true],
        ['replicated', false],
      ] as const) {
        const filters = encodeURIComponent(JSON.stringify({ mode: [mode], name: [name] }));
        const { body } = await client().call('GET', `/services?filters=${filters}`);
        expect(body).toHaveLength(listed ? 1 : 0);
      }
      const change = client().update('services', name, (spec) => {
        spec['Mode'] = { Replicated: { Replicas: 1 } };
      });
      await expect(change).rejects.toThrow('service mode change is not allowed');
      await completed(client(), name, { count: 1 });
    });

    jobDifferences(engine);

    test.for([
      [
        'an update config',
        { job: { ReplicatedJob: {} }, UpdateConfig: { Parallelism: 1 } },
        () => 'rpc error: code = InvalidArgument desc = Jobs may not have an update config',
      ],
      [
        'a negative number of completions',
        { job: { ReplicatedJob: { TotalCompletions: -1 } } },
        (version: VersionRules) =>
          version.wrongMode('number -1', {
            struct: 'ReplicatedJob',
            path: 'ReplicatedJob.TotalCompletions',
            type: 'uint64',
          }),
      ],
      [
        'two modes',
        { job: { ReplicatedJob: {}, GlobalJob: {} } },
        () => 'must specify only one service mode',
      ],
    ] as const)('refuses a job with %s', async ([, wish, message]) => {
      const spec = specOf(serviceName('nojob'), { task: SUCCEEDS, ...wish });
      const { status, body } = await client().call('POST', '/services/create', spec);
      expect(status).toBe(400);
      expect(body).toEqual({ message: message(engine().version) });
    });
  });
}

function forceUpdate(spec: Record<string, unknown>): void {
  const task = Object(spec['TaskTemplate']);
  spec['TaskTemplate'] = { ...task, ForceUpdate: (task.ForceUpdate ?? 0) + 1 };
}

const idsOf = (tasks: readonly JobTask[]) => tasks.map((task) => task.ID).sort();
