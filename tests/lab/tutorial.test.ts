import { beforeAll, describe, expect, it } from 'vitest';
import { netnsOf } from '../../lab/layout';
import {
  columns,
  curl,
  curlTimes,
  docker,
  eventually,
  lab,
  labEnv,
  labOk,
  runCommand,
} from './support';

const HAT = ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'];
const ANSWER = /^This is ([0-9a-f]{12}) running on linux\/arm saying: Hello!\n$/;

/** The name in each answer: the first twelve characters of the container's id. */
function hostnames(answers: readonly string[]): string[] {
  return answers.map((answer) => {
    const name = ANSWER.exec(answer)?.[1];
    if (name === undefined) throw new Error(`not an answer of the echo service: ${answer}`);
    return name;
  });
}

/** How often each value occurs, ascending. */
function counts(values: readonly string[]): number[] {
  const byValue = new Map<string, number>();
  for (const value of values) byValue.set(value, (byValue.get(value) ?? 0) + 1);
  return [...byValue.values()].toSorted((a, b) => a - b);
}

async function tasksOf(service: string): Promise<Record<string, string>[]> {
  return columns(await docker('service', 'ps', service));
}

async function containersOf(service: string): Promise<string[]> {
  const filter = ['--filter', 'desired-state=running'];
  const ids = (await docker('service', 'ps', '--quiet', ...filter, service)).trim().split('\n');
  const format = '{{slice .Status.ContainerStatus.ContainerID 0 12}}';
  return (await docker('inspect', '--type', 'task', '--format', format, ...ids)).trim().split('\n');
}

/** Waits until a node's port has answered from so many tasks in turn, twice: the mesh has caught up. */
async function inTurn(url: string, tasks: number): Promise<void> {
  await eventually(`${tasks} tasks in turn at ${url}`, async () => {
    const names = await curlTimes(url, tasks * 2).then(hostnames, (): string[] => []);
    return counts(names).join() === Array(tasks).fill(2).join() ? true : undefined;
  });
}

/** The original tutorial, command by command, on real engines with the real docker client. */
describe('the tutorial', () => {
  let env: Record<string, string> = {};
  const url = (node: string): string => `http://${env[`LAB_${node.toUpperCase()}`]}:8888/Hello!`;

  beforeAll(async () => {
    await labOk('reset');
    env = await labEnv();
  }, 720_000);

  it('docker node ls shows ctrl as the leader and four zeros', async () => {
    const nodes = columns(await docker('node', 'ls'));
    expect(nodes.map((node) => node['HOSTNAME'])).toEqual(HAT);
    expect(nodes.map((node) => node['STATUS'])).toEqual(HAT.map(() => 'Ready'));
    expect(nodes.map((node) => node['AVAILABILITY'])).toEqual(HAT.map(() => 'Active'));
    expect(nodes.map((node) => node['MANAGER STATUS'])).toEqual(['Leader', '', '', '', '']);
    expect(nodes[0]?.['ID']).toMatch(/^[0-9a-z]{25} \*$/);
  });

  it('docker service create: three tasks, converged', async () => {
    const created = await lab('echo');
    expect(created.stderr).toContain('overall progress: 3 out of 3 tasks');
    expect(created.stderr).toContain('verify: Service converged');
    expect(created.code).toBe(0);
  });

  it('docker service ls shows 3/3 and the published port', async () => {
    const services = columns(await docker('service', 'ls'));
    expect(services.find((service) => service['NAME'] === 'goweb')).toMatchObject({
      MODE: 'replicated',
      REPLICAS: '3/3',
      IMAGE: 'carmeloc/goweb:1.0',
      PORTS: '*:8888->8080/tcp',
    });
  });

  it('docker service ps shows three running tasks, each on its own node', async () => {
    const tasks = await tasksOf('goweb');
    expect(tasks.map((task) => task['NAME'])).toEqual(['goweb.1', 'goweb.2', 'goweb.3']);
    expect(new Set(tasks.map((task) => task['NODE'])).size).toBe(3);
    for (const task of tasks) {
      expect(HAT).toContain(task['NODE']);
      expect(task).toMatchObject({
        IMAGE: 'carmeloc/goweb:1.0',
        'DESIRED STATE': 'Running',
        ERROR: '',
      });
      expect(task['CURRENT STATE']).toMatch(/^Running .* ago$/);
    }
  });

  it('docker service inspect --pretty shows how it is set up', async () => {
    const shown = await docker('service', 'inspect', '--pretty', 'goweb');
    expect(shown).toMatch(/^Name:\s+goweb$/m);
    expect(shown).toMatch(/^Service Mode:\s+Replicated\n Replicas:\s+3$/m);
    expect(shown).toMatch(/^UpdateConfig:\n Parallelism:\s+1\n On failure:\s+pause$/m);
    expect(shown).toMatch(/^ Image:\s+carmeloc\/goweb:1\.0@sha256:[0-9a-f]{64}$/m);
    expect(shown).toMatch(
      / PublishedPort = 8888\n\s+Protocol = tcp\n\s+TargetPort = 8080\n\s+PublishMode = ingress/,
    );
  });

  it('the image is small and for a Zero', async () => {
    // Gone from ctrl after the push, so it is there only if a task of ctrl pulled it.
    await docker('pull', '--quiet', 'carmeloc/goweb:1.0');
    const format = '{{.Os}}/{{.Architecture}}/{{.Variant}} {{.Size}}';
    const shown = await docker('image', 'inspect', '--format', format, 'carmeloc/goweb:1.0');
    const [platform, size] = shown.trim().split(' ');
    expect(platform).toBe('linux/arm/v6');
    expect(Number(size)).toBeLessThan(5_000_000);
  });

  it('curl: the three tasks respond in turn', async () => {
    for (const node of HAT) await inTurn(url(node), 3);
    const names = hostnames(await curlTimes(url('ctrl'), 6));
    expect(names.slice(0, 3).toSorted()).toEqual((await containersOf('goweb')).toSorted());
    expect(names.slice(3)).toEqual(names.slice(0, 3));
  });

  it('every node responds on the published port, with or without a task, each with its own round robin', async () => {
    for (const node of HAT) {
      expect(counts(hostnames(await curlTimes(url(node), 6)))).toEqual([2, 2, 2]);
    }
  });

  it('curl localhost works on the node itself', async () => {
    const program = 'fetch("http://127.0.0.1:8888/Hello!").then((a) => a.text()).then(console.log)';
    const inside = [`--net=/run/netns/${netnsOf('ctrl')}`, process.execPath, '-e', program];
    const done = await runCommand('nsenter', inside);
    expect(done.stderr).toBe('');
    expect(done.stdout.replace(/\n+$/, '\n')).toMatch(ANSWER);
  });

  it('a hundred requests are even to within one', async () => {
    expect(counts(hostnames(await curlTimes(url('ctrl'), 100)))).toEqual([33, 33, 34]);
  });

  it('docker service scale goweb=5: five tasks on five nodes, and all answer', async () => {
    const scaled = await docker('service', 'scale', 'goweb=5');
    expect(scaled).toContain('goweb scaled to 5');
    expect(scaled).toContain('overall progress: 5 out of 5 tasks');
    expect(scaled).toContain('verify: Service converged');
    const tasks = await tasksOf('goweb');
    expect(
      tasks.map((task) => task['NODE']).toSorted((a = '', b = '') => (a < b ? -1 : 1)),
    ).toEqual(HAT);
    await inTurn(url('zero4'), 5);
    expect(counts(hostnames(await curlTimes(url('zero4'), 10)))).toEqual([2, 2, 2, 2, 2]);
  });

  it('a killed task leaves the mesh, is listed as failed and is replaced', async () => {
    const before = await containersOf('goweb');
    const victim =
      columns(await labOk('docker', 'zero2', 'ps')).find((row) =>
        row['NAMES']?.startsWith('goweb.'),
      )?.['CONTAINER ID'] ?? '';
    expect(before).toContain(victim);
    await labOk('docker', 'zero2', 'kill', victim);
    await eventually('four tasks in turn', async () => {
      const names = await curlTimes(url('ctrl'), 8).then(hostnames, (): string[] => []);
      return new Set(names).size === 4 && !names.includes(victim) ? true : undefined;
    });
    const failed = (await tasksOf('goweb')).find((task) =>
      task['CURRENT STATE']?.startsWith('Failed'),
    );
    expect(failed).toMatchObject({
      NODE: 'zero2',
      'DESIRED STATE': 'Shutdown',
      ERROR: '"task: non-zero exit (137)"',
    });
    expect(failed?.['NAME']).toMatch(/^\\_ goweb\.\d$/);
    await eventually('five tasks in turn', async () => {
      const names = await curlTimes(url('ctrl'), 10).then(hostnames, (): string[] => []);
      return new Set(names).size === 5 && !names.includes(victim) ? true : undefined;
    });
  });

  it('docker service scale goweb=2, then docker service rm: the port is closed', async () => {
    expect(await docker('service', 'scale', 'goweb=2')).toContain('goweb scaled to 2');
    await inTurn(url('zero1'), 2);
    expect(counts(hostnames(await curlTimes(url('zero1'), 6)))).toEqual([3, 3]);
    expect((await docker('service', 'rm', 'goweb')).trim()).toBe('goweb');
    const error = await eventually('the port to be closed', () =>
      curl(url('ctrl')).then(
        () => undefined,
        (reason: unknown) => reason,
      ),
    );
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });
});
