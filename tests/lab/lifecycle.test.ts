import { statSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { locked } from '../../lab/lock';
import { columns, curl, docker, eventually, lab, labEnv, labOk, runCommand } from './support';

/** The echo service on a fixed node, with a short restart delay. */
const IMAGE = 'carmeloc/goweb:1.0';
const ON_ZERO4 = ['--constraint', 'node.hostname==zero4', '--restart-delay', '1s'];

/** One node's state in `docker node ls`. */
async function nodeState(node: string): Promise<string | undefined> {
  const nodes = columns(await docker('node', 'ls'));
  return nodes.find((one) => one['HOSTNAME'] === node)?.['STATUS'];
}

async function becomes(node: string, state: string): Promise<void> {
  await eventually(`${node} ${state}`, async () =>
    (await nodeState(node)) === state ? true : undefined,
  );
}

beforeAll(async () => {
  await labOk('reset');
  await labOk('echo', '--no-create');
}, 720_000);

// lab/commands.test.ts has all mistakes; these run the whole command.
describe('bad input', () => {
  it.each([
    { args: ['fly'], words: 'there is no command "fly"' },
    { args: ['docker', 'nosuch', 'ps'], words: 'no node is called "nosuch"' },
  ])('lab $args: prints an error and the usage, exit 2', async ({ args, words }) => {
    const done = await lab(...args);
    expect(done.stderr).toContain(`lab: ${words}`);
    expect(done.stderr).toContain('usage: npm run -s lab -- COMMAND');
    expect(done.stdout).toBe('');
    expect(done.code).toBe(2);
  });

  it('rejects an invalid name of a lab, exit 2', async () => {
    const env = { ...process.env, CLUSTERHAT_LAB: '../etc' };
    const done = await runCommand(process.execPath, ['scripts/lab.mjs', 'status'], { env });
    expect(done.stderr).toBe('lab: CLUSTERHAT_LAB may have up to eight small letters and digits\n');
    expect(done.code).toBe(2);
  });

  it('reports missing root, exit 2', async () => {
    // Without the launcher, to test cli.ts alone.
    const program = [
      'process.setgroups([]); process.setgid(65534); process.setuid(65534);',
      "process.argv = [process.execPath, 'cli.ts', 'up'];",
      "await import('./lab/cli.ts');",
    ].join('\n');
    const args = ['--import', 'tsx', '--input-type=module', '-e', program];
    const done = await runCommand(process.execPath, args);
    expect(done.stderr).toContain('the lab lacks root: run it with sudo');
    expect(done.code).toBe(2);
  });
});

describe('a lab that is up', () => {
  it('rejects a second `up` and keeps running', async () => {
    const again = await lab('up');
    expect(again.stderr).toContain('the lab is up already');
    expect(again.code).toBe(1);
    expect((await lab('status')).code).toBe(0);
  });

  it('rejects a change while another command is changing it', async () => {
    const refused = await locked(() => lab('reset'));
    expect(refused.stderr).toContain(
      `another lab command (pid ${process.pid}) is changing the lab; try again when it has ended`,
    );
    expect(refused.code).toBe(1);
    await labOk('reset');
  });

  it("passes docker's exit code and output through", async () => {
    const done = await lab('docker', 'zero1', 'inspect', 'nosuch');
    expect(done).toEqual({ code: 1, stdout: '[]\n', stderr: 'Error: No such object: nosuch\n' });
    const info = await labOk(
      'docker',
      'zero3',
      'info',
      '--format',
      '{{.Name}} {{.Swarm.NodeAddr}}',
    );
    expect(info.trim()).toBe(`zero3 ${(await labEnv())['LAB_ZERO3']}`);
  });

  it('break: the node is down within the heartbeats; mend: it is ready again', async () => {
    await labOk('break', 'zero3');
    expect(await labOk('status')).toMatch(/^zero3 .* cut /m);
    await becomes('zero3', 'Down');
    await labOk('mend', 'zero3');
    await becomes('zero3', 'Ready');
    expect(await labOk('status')).toMatch(/^zero3 .* in /m);
  });

  it('kill ends the engine and its tasks at once; start restores the same socket and node', async () => {
    const { LAB_RUN } = await labEnv();
    const id = (await docker('node', 'inspect', '--format', '{{.ID}}', 'zero4')).trim();
    await docker('service', 'create', '--quiet', '--name', 'victim', ...ON_ZERO4, IMAGE);
    await labOk('kill', 'zero4');
    const refused = await lab('docker', 'zero4', 'ps');
    expect(refused.stderr).toContain(`unix://${LAB_RUN}/zero4/docker.sock`);
    expect(refused.code).toBe(1);
    expect((await lab('kill', 'zero4')).stderr).toContain('the engine of zero4');
    await labOk('start', 'zero4');
    expect(statSync(`${LAB_RUN}/zero4/docker.sock`).isSocket()).toBe(true);
    await becomes('zero4', 'Ready');
    expect((await docker('node', 'inspect', '--format', '{{.ID}}', 'zero4')).trim()).toBe(id);
    // The task died with the node; a new one runs there when the engine is back.
    await eventually('the task to be replaced', async () => {
      const states = columns(await docker('service', 'ps', 'victim')).map(
        (task) => task['CURRENT STATE'] ?? '',
      );
      return states[0]?.startsWith('Running') && states[1]?.startsWith('Failed') ? true : undefined;
    });
    await docker('service', 'rm', 'victim');
  });

  it('the mesh keeps balancing while the manager is stopped, and follows changes after its restart', async () => {
    const url = `http://${(await labEnv())['LAB_ZERO1']}:8877/Hello!`;
    const answers = (): Promise<string | undefined> => curl(url).catch(() => undefined);
    const publish = ['--publish', 'published=8877,target=8080'];
    await docker(
      'service',
      'create',
      '--quiet',
      '--name',
      'lasting',
      ...ON_ZERO4,
      ...publish,
      IMAGE,
    );
    await eventually('an answer', answers);
    await labOk('stop', 'ctrl');
    expect(await curl(url)).toContain('saying: Hello!');
    await labOk('start', 'ctrl');
    await eventually('a manager', async () => {
      const done = await lab('docker', 'ctrl', 'service', 'rm', 'lasting');
      return done.code === 0 ? true : undefined;
    });
    await eventually('the port to be closed', async () =>
      (await answers()) === undefined ? true : undefined,
    );
    // The engines find each other again within a minute.
    await labOk('reset');
  }, 720_000);

  it('an image for another architecture finds no suitable node', async () => {
    await labOk('image', 'carmeloc/goweb:s390x', 'linux/s390x');
    const create = ['service', 'create', '--detach', '--name', 'foreign'];
    await docker(...create, 'carmeloc/goweb:s390x');
    const reason = await eventually('a reason', async () => {
      const [task] = columns(await docker('service', 'ps', '--no-trunc', 'foreign'));
      return task?.['ERROR'] || undefined;
    });
    expect(reason).toBe('"no suitable node (unsupported platform on 5 nodes)"');
    await docker('service', 'rm', 'foreign');
  });

  it('the spare engine is in no swarm', async () => {
    await labOk('spare', 'up');
    const listed = await lab('docker', 'spare', 'node', 'ls');
    expect(listed.stderr).toContain('This node is not a swarm manager. Use "docker swarm init"');
    expect(listed.code).toBe(1);
    await labOk('spare', 'down');
    expect(await labOk('status')).not.toContain('spare');
  });
});
