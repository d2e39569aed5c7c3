import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { run, tryRun } from '../../lab/exec';
import { PACKAGE } from '../../scripts/lib/build.mjs';
import { freePort } from '../e2e/support/dashboard';
import { startDemo } from '../e2e/support/demo';
import { bareEnvironment, start, temporaryFolder } from './release';

/** The `clusterhat` command: which engine it shows and says so, and what it refuses. */

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

describe('refuses with one sentence and exit code 2', () => {
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

const STARTED = /clusterhat \S+: (http:\S+)\n([\s\S]*?)\n\n/;

/** An engine that answers `/info` with this account of its swarm, in the user's own folder of sockets. */
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
  test('the demo swarm where there is no engine, and says why', async () => {
    const { printed } = await clusterhat([]);
    const [, url = '', report = ''] = await printed(STARTED);
    expect(report).toContain('the demo swarm, as there is no Docker engine on this machine');
    expect(await nodesOn(url)).toBe(5);
  });

  test('the demo swarm where the engine is in no swarm, and says so', async () => {
    const env = await engineWith({ LocalNodeState: 'inactive', ControlAvailable: false });
    const { printed } = await clusterhat([], env);
    const [, url = '', report = ''] = await printed(STARTED);
    expect(report).toMatch(/the demo swarm, as the Docker engine at unix:\S+ is in no swarm/);
    expect(report).toContain('docker swarm init');
    expect(await nodesOn(url)).toBe(5);
  });

  test.each([
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
  ])('%s as what it is, and not the demo', async (_, swarm, words) => {
    const { printed } = await clusterhat([], await engineWith(swarm));
    const [, , report = ''] = await printed(STARTED);
    expect(report).toMatch(/^ {2}engine unix:\S+ \(the local socket\)/);
    expect(report).toMatch(words);
    expect(report).toContain('the demo swarm instead: clusterhat --demo');
    expect(report).not.toContain('export DOCKER_HOST');
  });

  test('a socket that nobody answers at as what it is, and not the demo', async () => {
    const home = temporaryFolder();
    // A process that is killed leaves the file of its socket, as an engine does at a power cut.
    const listen = `require('node:net').createServer().listen('${join(home, 'docker.sock')}', () => process.kill(process.pid, 'SIGKILL'))`;
    await tryRun(process.execPath, ['-e', listen]);
    const { printed } = await clusterhat([], { HOME: home, XDG_RUNTIME_DIR: home });
    const [, , report = ''] = await printed(STARTED);
    expect(report).toMatch(/engine unix:\S+ \(the local socket\)\n.*not running/);
  });

  test('the engine that DOCKER_HOST names', async () => {
    const demo = await startDemo();
    onTestFinished(() => demo.stop());
    const { printed } = await clusterhat([], { DOCKER_HOST: demo.dockerHost });
    const [, url = '', report = ''] = await printed(STARTED);
    expect(report).toContain(`engine ${demo.dockerHost} (DOCKER_HOST)`);
    expect(await nodesOn(url)).toBe(5);
  });

  test('the demo swarm when it is asked for, whatever DOCKER_HOST names', async () => {
    const { printed } = await clusterhat([], {
      CLUSTERHAT_DEMO: '1',
      DOCKER_HOST: 'tcp://192.0.2.1:2375',
    });
    const [, url = ''] = await printed(STARTED);
    expect(await nodesOn(url)).toBe(5);
  });
});

test('a password file is found by a path from where the command was started', async () => {
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
