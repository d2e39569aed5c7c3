import { dockerOutput } from '../../../lab/docker';
import { run, tryRun, until } from '../../../lab/exec';
import { addressesOf, HAT, REPO_DIR, socketOf, type NodeName } from '../../../lab/layout';
import { innerPid } from '../../../lab/nodes';
import { childOf, identify } from '../../../lab/processes';
import { readState, requireUp } from '../../../lab/state';
import { curlTimes } from '../../lab/support';

export { until };

/** `DOCKER_HOST` of one node's engine. */
export function dockerHost(node: NodeName = 'ctrl'): string {
  return `unix://${socketOf(node)}`;
}

/** Freezes a node's engine, as on an overloaded machine; returns a function that resumes it. */
export function freeze(node: NodeName): () => void {
  const outer = readState()?.nodes[node];
  // tini, and among its children the engine.
  const inner = outer && identify(innerPid(outer) ?? 0);
  const engine = inner && childOf(inner, 'dockerd');
  if (engine === undefined) throw new Error(`the engine of ${node} does not run`);
  process.kill(engine, 'SIGSTOP');
  return () => process.kill(engine, 'SIGCONT');
}

/** One command of the lab: `lab('kill', 'zero2')`. */
export async function lab(...args: string[]): Promise<void> {
  await run(process.execPath, [`${REPO_DIR}scripts/lab.mjs`, ...args]);
}

/** Output of the docker client on ctrl, its lines trimmed. */
export async function docker(...args: string[]): Promise<string[]> {
  const output = await dockerOutput('ctrl', args);
  return output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Removes a service and its tasks, if it exists. */
export async function removeService(name: string): Promise<void> {
  await tryRun('env', [`DOCKER_HOST=${dockerHost()}`, '/usr/bin/docker', 'service', 'rm', name]);
  await until(`${name} to go`, async () => ((await tasksOf(name)).length === 0 ? true : undefined));
}

/** `name node` of each running task of a service with desired state running, from docker. */
export async function tasksOf(service: string): Promise<string[]> {
  const result = await tryRun('env', [
    `DOCKER_HOST=${dockerHost()}`,
    '/usr/bin/docker',
    'service',
    'ps',
    '--filter',
    'desired-state=running',
    '--format',
    '{{.Name}} {{.Node}} {{.CurrentState}}',
    service,
  ]);
  return result.stdout
    .split('\n')
    .filter((line) => line.includes(' Running '))
    .map((line) => line.split(' ').slice(0, 2).join(' '))
    .sort();
}

/** The slots of a service's running tasks, sorted. Swarm chooses which ones a scale-down leaves. */
export async function slotsOf(service: string): Promise<string[]> {
  return (await tasksOf(service)).map((task) => /\.(\d+) /.exec(task)?.[1] ?? '').toSorted();
}

/** A Zero that runs a task of the service, from docker. */
export async function zeroWith(service: string): Promise<NodeName> {
  const nodes = (await tasksOf(service)).map((task) => task.split(' ')[1]);
  const zero = HAT.find((name) => name !== 'ctrl' && nodes.includes(name));
  if (zero === undefined) throw new Error(`no Zero runs a task of ${service}`);
  return zero;
}

/** The containers of a service's running tasks, as the echo service names itself: twelve characters. */
async function containersOf(service: string): Promise<string[]> {
  const ids = await docker('service', 'ps', '-q', '--filter', 'desired-state=running', service);
  const format = '{{slice .Status.ContainerStatus.ContainerID 0 12}}';
  return (await docker('inspect', '--type', 'task', '--format', format, ...ids)).toSorted();
}

/** Number of a service's stopping tasks that are still running; the mesh may still use them. */
async function leaving(service: string): Promise<number> {
  const tasks = await docker(
    'service',
    'ps',
    '--format',
    '{{.DesiredState}} {{.CurrentState}}',
    service,
  );
  return tasks.filter((task) => !task.startsWith('Running') && task.includes(' Running ')).length;
}

/** Waits until every node's published port leads to each of goweb's tasks in turn, and nowhere else. */
async function meshSettled(): Promise<void> {
  const { nodes } = addressesOf(requireUp().prefix);
  const containers = await containersOf('goweb');
  // docker's gossip takes up to a minute after an engine was unreachable.
  const limit = { withinMs: 90_000 };
  for (const name of HAT) {
    const asked = async () => {
      const url = `http://${nodes[name]}:8888/`;
      const answers = await curlTimes(url, containers.length * 2).catch((): string[] => []);
      const heard = answers.map((answer) => /^This is (\w{12}) /.exec(answer)?.[1] ?? '');
      const turns = [...containers, ...containers].toSorted();
      return heard.toSorted().join() === turns.join() ? true : undefined;
    };
    await until(`${name} to answer from all of goweb`, asked, limit);
  }
}

/**
 * Time limit for swarm on a busy machine: to stop ten tasks, or start one. The page has its own
 * limits.
 */
export const SWARM_TIME = { timeout: 60_000 };

/** Requirements of a test on its initial state. */
export interface SeedOptions {
  /** Whether it fires requests: every node's published port has to lead to all three tasks. */
  mesh?: boolean;
}

/** Brings goweb back to three running replicas on a whole swarm: what every test starts from. */
export async function seedState({ mesh = true }: SeedOptions = {}): Promise<void> {
  const services = await docker('service', 'ls', '--format', '{{.Name}}');
  for (const name of services) if (name !== 'goweb') await removeService(name);
  if (services.includes('goweb')) await docker('service', 'scale', '--detach', 'goweb=3');
  else await lab('echo');
  await until('three tasks of goweb', async () => {
    const [replicas] = await docker(
      'service',
      'ls',
      '--filter',
      'name=goweb',
      '--format',
      '{{.Replicas}}',
    );
    const three = replicas === '3/3' && (await tasksOf('goweb')).length === 3;
    return three && (await leaving('goweb')) === 0 ? true : undefined;
  });
  if (mesh) await meshSettled();
}
