import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { run, tryRun } from '../../lab/exec';
import { PACKAGE } from '../../scripts/lib/build.mjs';
import { freePort } from '../e2e/support/dashboard';
import { startDemo } from '../e2e/support/demo';
import { bareEnvironment, start, temporaryFolder } from './release';

/** The `clusterhat` command: which engine it chooses and prints, and what it rejects. */

const COMMAND = join(PACKAGE, 'bin/clusterhat.mjs');

beforeAll(async () => {
  await run(process.execPath, ['scripts/build.mjs']);
});

async function clusterhat(args: string[], env: Record<string, string> = {}) {
  const home = env['HOME'] ?? temporaryFolder();
  return start(process.execPath, [COMMAND, ...args], {
    env: { ...bareEnvironment(home), PORT: String(await freePort()), ...env },
  });
}

describe('rejects with one sentence and exit code 2', () => {
  const taken = async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    return String((server.address() as AddressInfo).port);
  };

  test.each<[string[], Record<string, string>, RegExp]>([
    [['--nosuch'], {}, /no option --nosuch/],
    [['serve'], {}, /"serve" is not an option/],
    [['--port', '99999'], {}, /--port is "99999"/],
    [['--demo'], { PORT: 'x' }, /PORT is "x"/],
    [['--host', '192.0.2.1'], {}, /192\.0\.2\.1 is not an address of this machine/],
    [[], { DOCKER_HOST: 'nonsense://x' }, /DOCKER_HOST/],
    [[], { DOCKER_CONTEXT: 'nosuch' }, /nosuch/],
    [['--demo'], { DASHBOARD_PASSWORD_FILE: '/proc/nosuch' }, /DASHBOARD_PASSWORD_FILE.*ENOENT/],
    [['--demo'], { CLUSTERHAT_NODES: 'a,a' }, /CLUSTERHAT_NODES/],
  ])('%j with %j', async (args, env, sentence) => {
    const { child, output } = await clusterhat(args, env);
    await once(child, 'close');
    expect(child.exitCode).toBe(2);
    expect(output()).toMatch(sentence);
    expect(output()).toMatch(/^clusterhat: .*\n$/);
  });

  test('a port that is taken', async () => {
    const port = await taken();
    const { child, output } = await clusterhat(['--demo', '--port', port]);
    await once(child, 'close');
    expect(child.exitCode).toBe(2);
    expect(output()).toBe(
      `clusterhat: port ${port} is already in use; choose another with --port ${Number(port) + 1}.\n`,
    );
  });
});

/** Whether something accepts connections at the port of loopback. */
function isServed(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
  });
}

/** A Docker engine on this machine would be found first. */
const hasDocker = existsSync('/var/run/docker.sock');

const portOf = (url: string) => Number(new URL(url).port);

const STARTED = /clusterhat \S+: (http:\S+)\n([\s\S]*?)\n\n/;

/** An engine that answers `/info` with this swarm state, in the user's socket folder. */
async function engineWith(swarm: Record<string, unknown>): Promise<Record<string, string>> {
  const home = temporaryFolder();
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', 'application/json');
    if (request.url === '/info') {
      response.end(JSON.stringify({ Name: 'pc', ServerVersion: '28.0.0', Swarm: swarm }));
    } else response.writeHead(503).end('{"message":"This node is not a swarm manager."}');
  });
  onTestFinished(() => server.close().closeAllConnections());
  await new Promise<void>((listening) => server.listen(join(home, 'docker.sock'), listening));
  return { HOME: home };
}

const nodesOn = async (url: string) =>
  new Set((await (await fetch(url)).text()).match(/data-node="[^"]+"/g)).size;

describe('shows', () => {
  test.skipIf(hasDocker)('the demo swarm without an engine, and prints the reason', async () => {
    const { printed } = await clusterhat([]);
    const [, url = '', report = ''] = await printed(STARTED);
    expect(report).toContain('the demo swarm, as there is no Docker engine on this machine');
    expect(await nodesOn(url)).toBe(5);
  });

  test.skipIf(hasDocker)(
    'the demo swarm where the engine is in no swarm, and prints that',
    async () => {
      const env = await engineWith({ LocalNodeState: 'inactive', ControlAvailable: false });
      const { printed } = await clusterhat([], env);
      const [, url = '', report = ''] = await printed(STARTED);
      expect(report).toMatch(/the demo swarm, as the Docker engine at unix:\S+ is in no swarm/);
      expect(report).toContain('docker swarm init');
      expect(await nodesOn(url)).toBe(5);
    },
  );

  test.skipIf(hasDocker).each([
    ['a worker', { LocalNodeState: 'active', ControlAvailable: false, NodeID: 'x' }, /worker/],
    ['a locked manager', { LocalNodeState: 'locked', ControlAvailable: false }, /locked/],
    [
      'an engine whose certificates have expired',
      {
        LocalNodeState: 'error',
        ControlAvailable: false,
        Error:
          'error while loading TLS certificate in swarm-node.crt: x509: certificate has expired or is not yet valid',
      },
      /expired[\s\S]*clock/,
    ],
  ])('%s with its state instead of the demo', async (_, swarm, words) => {
    const { printed } = await clusterhat([], await engineWith(swarm));
    const [, , report = ''] = await printed(STARTED);
    expect(report).toMatch(/^ {2}engine unix:\S+ \(the local socket\)/);
    expect(report).toMatch(words);
    expect(report).toContain('the demo swarm instead: clusterhat --demo');
    expect(report).not.toContain('export DOCKER_HOST');
  });

  test.skipIf(hasDocker)(
    'a socket without an engine behind it as what it is, and not the demo',
    async () => {
      const home = temporaryFolder();
      // A process that is killed leaves the file of its socket, as an engine does at a power cut.
      const listen = `require('node:net').createServer().listen('${join(home, 'docker.sock')}', () => process.kill(process.pid, 'SIGKILL'))`;
      await tryRun(process.execPath, ['-e', listen]);
      const { printed } = await clusterhat([], { HOME: home, XDG_RUNTIME_DIR: home });
      const [, , report = ''] = await printed(STARTED);
      expect(report).toMatch(/engine unix:\S+ \(the local socket\)\n.*not running/);
    },
  );

  test('the engine of DOCKER_HOST', async () => {
    const demo = await startDemo();
    onTestFinished(() => demo.stop());
    const { printed } = await clusterhat([], { DOCKER_HOST: demo.dockerHost });
    const [, url = '', report = ''] = await printed(STARTED);
    expect(report).toContain(`engine ${demo.dockerHost} (DOCKER_HOST)`);
    expect(await nodesOn(url)).toBe(5);
  });

  test('the demo swarm, whose history is not kept in the place of a real one', async () => {
    const folder = temporaryFolder();
    const { printed } = await clusterhat(['--demo'], { DASHBOARD_STATE: folder });
    const [, url = ''] = await printed(STARTED);
    expect(await nodesOn(url)).toBe(5);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('the demo swarm with --demo, whatever DOCKER_HOST is', async () => {
    const { printed } = await clusterhat([], {
      CLUSTERHAT_DEMO: '1',
      DOCKER_HOST: 'tcp://192.0.2.1:2375',
    });
    const [, url = ''] = await printed(STARTED);
    expect(await nodesOn(url)).toBe(5);
  });
});

describe('leaves nothing behind', () => {
  test.each(['SIGKILL', 'SIGHUP', 'SIGTERM'] as const)('when it alone gets %s', async (signal) => {
    const { child, printed } = await clusterhat(['--demo']);
    const [, url = '', report = ''] = await printed(STARTED);
    const socket = /DOCKER_HOST=unix:\/\/([^;]+);/.exec(report)?.[1] ?? '';
    expect(existsSync(socket)).toBe(true);
    child.kill(signal);
    await expect.poll(() => isServed(portOf(url)), { timeout: 60_000 }).toBe(false);
    await expect.poll(() => existsSync(socket), { timeout: 60_000 }).toBe(false);
  });

  test('when npm gets SIGTERM, which it does not pass on', async () => {
    const home = temporaryFolder();
    const port = await freePort();
    const { printed, child } = start('npm', ['start', '--', '--demo', `--port=${port}`], {
      env: bareEnvironment(home),
    });
    await printed(STARTED);
    child.kill('SIGTERM');
    await expect.poll(() => isServed(port), { timeout: 60_000 }).toBe(false);
  });

  test('when its output is closed', async () => {
    const home = temporaryFolder();
    const port = await freePort();
    const env = { ...bareEnvironment(home), PORT: String(port) };
    const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const script = `"${process.execPath}" ${COMMAND} --demo | head -n 1`;
    const { stdout } = await tryRun('env', ['-i', ...settings, 'sh', '-c', script]);
    expect(stdout).not.toBe('');
    await expect.poll(() => isServed(port), { timeout: 60_000 }).toBe(false);
  });

  test('when the demo swarm does not start, and exits with its sentence', async () => {
    const port = await freePort();
    const { child, output } = await clusterhat(['--demo', `--port=${port}`], { DEMO_SEED: 'abc' });
    await once(child, 'close');
    expect(child.exitCode).toBe(2);
    expect(output()).toContain('demo: --seed or DEMO_SEED has an invalid value.');
    await expect.poll(() => isServed(port), { timeout: 60_000 }).toBe(false);
  });
});

describe('finds a folder for the demo when XDG_RUNTIME_DIR', () => {
  test.each([
    ['is empty', ''],
    ['is relative', 'runtime'],
    ['is missing', '/proc/nosuch'],
    ['is too long for a socket', join(tmpdir(), 'x'.repeat(120))],
  ])('%s', async (_, XDG_RUNTIME_DIR) => {
    const { printed } = await clusterhat(['--demo'], { XDG_RUNTIME_DIR });
    const [, url = ''] = await printed(STARTED);
    expect(await nodesOn(url)).toBe(5);
  });

  test.skipIf(process.getuid?.() !== 0)('is another user’s, who has no name', async () => {
    const home = temporaryFolder();
    const nobody = ['--reuid=12345', '--regid=12345', '--clear-groups'];
    const { printed } = start('setpriv', [...nobody, process.execPath, COMMAND, '--demo'], {
      env: { ...bareEnvironment(home), PORT: String(await freePort()) },
    });
    const [, url = ''] = await printed(STARTED);
    expect(await nodesOn(url)).toBe(5);
  });
});

test.skipIf(hasDocker)(
  'prefers a manager to an engine that is found first, and prints the skipped sockets',
  async () => {
    const env = await engineWith({ LocalNodeState: 'inactive', ControlAvailable: false });
    const demo = await startDemo();
    onTestFinished(() => demo.stop());
    mkdirSync(join(env['HOME'] ?? '', '.docker/run'), { recursive: true });
    symlinkSync(demo.socketPath, join(env['HOME'] ?? '', '.docker/run/docker.sock'));
    const { printed } = await clusterhat([], env);
    const [, , report = ''] = await printed(STARTED);
    expect(report).toMatch(/^ {2}engine unix:\S+\/\.docker\/run\/docker\.sock/);
    expect(report).toMatch(/passed over: unix:\S+, in no swarm/);
  },
);

test('a relative path of a password file starts at the working directory', async () => {
  const home = temporaryFolder();
  writeFileSync(join(home, 'password'), 'secret');
  const { printed } = start(process.execPath, [join(process.cwd(), COMMAND), '--demo'], {
    cwd: home,
    env: {
      ...bareEnvironment(home),
      PORT: String(await freePort()),
      DASHBOARD_PASSWORD_FILE: 'password',
    },
  });
  const [, url = ''] = await printed(STARTED);
  const scale = await fetch(`${url}/api/services/goweb/scale`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Basic ${btoa(':secret')}`,
    },
    body: '{"replicas":2}',
  });
  expect(scale.status).toBe(202);
});
