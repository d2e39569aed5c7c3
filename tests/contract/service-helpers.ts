import type { TestContext } from 'vitest';
import type { EngineTask } from '@/lib/swarm/engine-json';
import { type Client, IMAGE, serviceName, until } from './engines';

/** What a test sets of a service's spec. */
export interface ServiceOptions {
  replicas?: number;
  global?: boolean;
  /** A job: the mode as posted. Its restart condition is `on-failure`. */
  job?:
    | { ReplicatedJob: { MaxConcurrent?: number; TotalCompletions?: number } }
    | { GlobalJob: object };
  image?: string;
  task?: Record<string, unknown>;
  [more: string]: unknown;
}

/** A service spec as docker's client posts it. */
export function specOf(name: string, options: ServiceOptions = {}): Record<string, unknown> {
  const { replicas = 1, global = false, job, image = IMAGE, task, ...more } = options;
  return {
    Name: name,
    Labels: { contract: 'true' },
    TaskTemplate: {
      ContainerSpec: { Image: image },
      RestartPolicy: { Condition: job ? 'on-failure' : 'any', Delay: 300_000_000, MaxAttempts: 0 },
      ...task,
    },
    Mode: job ?? (global ? { Global: {} } : { Replicated: { Replicas: replicas } }),
    EndpointSpec: { Mode: 'vip' },
    ...more,
  };
}

/** Creates a service and removes it when the test has finished. Returns its name. */
export async function createService(
  test: TestContext,
  client: Client,
  what: string,
  options: ServiceOptions = {},
): Promise<string> {
  const name = serviceName(what);
  test.onTestFinished(async () => {
    await client.call('DELETE', `/services/${name}`);
  });
  const { status, body } = await client.call('POST', '/services/create', specOf(name, options));
  if (status !== 201) throw new Error(`create ${name}: ${status} ${JSON.stringify(body)}`);
  return name;
}

/** The tasks that run and are meant to. */
export function running(tasks: readonly EngineTask[]): EngineTask[] {
  return tasks.filter((task) => task.DesiredState === 'running' && task.Status.State === 'running');
}

/** The tasks' slots, ascending. */
export function slots(tasks: readonly EngineTask[]): number[] {
  return tasks.map((task) => task.Slot ?? 0).sort((a, b) => a - b);
}

/** Waits until exactly `count` tasks run and no other is starting or stopping. */
export function untilRunning(client: Client, name: string, count: number): Promise<EngineTask[]> {
  return until(async () => {
    const tasks = await client.tasks(name);
    const wanted = tasks.filter((task) => ['running', 'ready'].includes(task.DesiredState));
    const leaving = tasks.filter(
      (task) => task.DesiredState === 'remove' && task.Status.State === 'running',
    );
    const live = running(tasks);
    return live.length === count && wanted.length === count && leaving.length === 0 && live;
  }, `${name}: ${count} running`);
}

/** Polls for `ms`; rejects if `look` throws once. */
export async function pollFor(ms: number, look: () => Promise<void>): Promise<void> {
  const end = Date.now() + ms;
  await until(async () => {
    await look();
    return Date.now() > end;
  }, 'the whole period');
}

/** Sets a node's availability until the test has finished. */
export async function setAvailability(
  test: TestContext,
  client: Client,
  node: string,
  availability: 'active' | 'pause' | 'drain',
): Promise<void> {
  test.onTestFinished(() =>
    client.update('nodes', node, (spec) => void (spec['Availability'] = 'active')),
  );
  await client.update('nodes', node, (spec) => void (spec['Availability'] = availability));
}
