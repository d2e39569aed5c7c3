import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { engineListener, standIn } from '@/tests/support/stand-in-engine';
import { standInSsh, type SshEnding } from '@/tests/support/stand-in-ssh';
import type { EngineAddress } from './address';
import { engineAgent } from './connection';
import { dockerEngine } from './docker-engine';
import { probeEngine } from './probe';
import { sshArguments } from './ssh';

/** Engines over ssh, with a program in its place; tests/lab/engine-address.test.ts has the real one. */

const CTRL: EngineAddress & { kind: 'ssh' } = { kind: 'ssh', user: 'pi', host: 'ctrl' };

/** A busy machine takes its time to start and end processes (ms). */
const WITHIN = 20_000;
vi.setConfig({ testTimeout: 30_000 });

async function reachable(listener = engineListener()) {
  const ssh = standInSsh();
  const engine = await standIn(listener, { at: ssh.socketPath });
  return { ssh, ...engine };
}

test('runs ssh as docker’s own client does', () => {
  expect(sshArguments({ ...CTRL, port: 2222, socketPath: '/run/x.sock' }).join(' ')).toMatch(
    /^-l pi -p 2222 -o \S+ -o BatchMode=yes -o \S+ -T -- ctrl docker --host unix:\/\/\/run\/x\.sock system dial-stdio$/,
  );
  expect(sshArguments({ kind: 'ssh', host: 'ctrl' }).join(' ')).toMatch(
    /^-o ConnectTimeout=\d+ .* -- ctrl docker system dial-stdio$/,
  );
});

test('a probe reads the engine and leaves no process', async () => {
  const { ssh } = await reachable();
  expect(await probeEngine(CTRL, WITHIN)).toEqual({ state: 'manager' });
  expect(ssh.runs().map(({ args }) => args)).toEqual([sshArguments(CTRL)]);
  await vi.waitFor(() => expect(ssh.alive()).toEqual([]), WITHIN);
});

test('polls share one process; events have their own, which ends with them', async () => {
  const { ssh } = await reachable();
  const engine = dockerEngine(CTRL);
  for (let poll = 0; poll < 5; poll += 1) expect(await engine.tasks()).toEqual([]);
  expect(ssh.runs()).toHaveLength(1);
  const ends = new AbortController();
  const received: string[] = [];
  const stream = engine.events(ends.signal, ({ Type }) => {
    received.push(Type);
    ends.abort();
  });
  // The idle process takes the stream, and the next poll needs a new one.
  await stream;
  expect(received).toEqual(['service']);
  await vi.waitFor(() => expect(ssh.alive()).toEqual([]), WITHIN);
  expect(await engine.tasks()).toEqual([]);
  expect(ssh.runs()).toHaveLength(2);
});

test('many calls at once share six processes', async () => {
  const { ssh } = await reachable();
  const engine = dockerEngine(CTRL);
  const calls = Array.from({ length: 20 }, () => engine.tasks());
  expect(await Promise.all(calls)).toHaveLength(20);
  expect(ssh.runs()).toHaveLength(6);
});

test('ends an idle process, but not one with an event stream', async () => {
  const { ssh } = await reachable();
  const agent = engineAgent(CTRL, 100);
  onTestFinished(() => agent.destroy());
  const ask = async (path: string) => {
    const [answer] = await once(get({ path, agent }), 'response');
    return answer as IncomingMessage;
  };
  const stream = await ask('/events');
  (await ask('/tasks')).resume();
  const [streaming, polling] = ssh.runs().map(({ pid }) => pid);
  await vi.waitFor(() => expect(ssh.alive()).toEqual([streaming]), WITHIN);
  expect(polling).toBeDefined();
  expect(stream.destroyed).toBe(false);
  agent.destroy();
  await vi.waitFor(() => expect(ssh.alive()).toEqual([]), WITHIN);
});

test('a reused connection accumulates no listeners', async () => {
  await reachable();
  const agent = engineAgent(CTRL);
  onTestFinished(() => agent.destroy());
  const listeners: number[] = [];
  for (let poll = 0; poll < 3; poll += 1) {
    const asked = get({ path: '/tasks', agent });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.resume();
    await once(asked, 'close');
    const { socket } = asked;
    const names = socket?.eventNames() ?? [];
    listeners.push(names.reduce((sum, name) => sum + (socket?.listenerCount(name) ?? 0), 0));
  }
  expect(new Set(listeners).size).toBe(1);
});

test('reaches a restarted engine with a new process', async () => {
  const { ssh, server } = await reachable();
  const agent = engineAgent(CTRL);
  onTestFinished(() => agent.destroy());
  const engine = dockerEngine(CTRL, agent);
  expect(await engine.tasks()).toEqual([]);
  const idle = () => Object.values(agent.freeSockets).flat();
  await vi.waitFor(() => expect(idle()).toHaveLength(1), WITHIN);
  server.closeAllConnections();
  await vi.waitFor(() => expect(idle()).toHaveLength(0), WITHIN);
  expect(await engine.tasks()).toEqual([]);
  expect(ssh.runs()).toHaveLength(2);
});

test('reads a long response, and rejects one that is cut off at once', async () => {
  const padding = ' '.repeat(3_000_000);
  await reachable((request, response) => {
    if (request.url === '/nodes') response.end(`[${padding}]`);
    else response.writeHead(200).write('[', () => response.destroy());
  });
  const engine = dockerEngine(CTRL);
  expect(await engine.nodes()).toEqual([]);
  await expect(engine.tasks()).rejects.toMatchObject({
    message: "The engine's answer broke off in the middle.",
  });
});

test('its processes exit when this one is killed', async () => {
  const { ssh } = await reachable();
  const root = join(import.meta.dirname, '..', '..');
  const program = `
    import { dockerEngine } from './lib/engine/docker-engine';
    const engine = dockerEngine(${JSON.stringify(CTRL)});
    void engine.events(new AbortController().signal, () => process.stdout.write('event'));
  `;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  expect(ssh.alive()).toHaveLength(1);
  child.kill('SIGKILL');
  await ended;
  await vi.waitFor(() => expect(ssh.alive()).toEqual([]), WITHIN);
});

test('an idle connection does not keep the process alive', async () => {
  const { ssh } = await reachable();
  const root = join(import.meta.dirname, '..', '..');
  const program = `
    import { dockerEngine } from './lib/engine/docker-engine';
    await dockerEngine(${JSON.stringify(CTRL)}).tasks();
  `;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  expect(await once(child, 'exit')).toEqual([0, null]);
  await vi.waitFor(() => expect(ssh.alive()).toEqual([]), WITHIN);
});

const CHANGED = `@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
Host key verification failed.
`;

test.each<
  [what: string, ending: SshEnding, expected: { kind: string; message: string; next: RegExp }]
>([
  [
    'no key is accepted',
    { code: 255, stderr: 'Welcome!\r\npi@ctrl: Permission denied (publickey).\r\n' },
    {
      kind: 'ssh',
      message: 'ssh to pi@ctrl failed: Permission denied (publickey).',
      next: /ssh-copy-id pi@ctrl/,
    },
  ],
  [
    'a far side that speaks to the terminal',
    { code: 1, stderr: '\x1b]0;gotcha\x07\x1b[2Jno\x9b way\u202E\r\n' },
    { kind: 'ssh', message: 'ssh to pi@ctrl failed: no way .', next: /ssh pi@ctrl/ },
  ],
  [
    'an unknown host key',
    { code: 255, stderr: 'Host key verification failed.\r\n' },
    { kind: 'ssh', message: 'ssh does not know the host key of pi@ctrl yet.', next: /ssh pi@ctrl/ },
  ],
  [
    'a changed host key',
    { code: 255, stderr: CHANGED },
    {
      kind: 'ssh',
      message: 'The ssh host key of pi@ctrl is another one than before.',
      next: /ssh-keygen -R/,
    },
  ],
  [
    'an unknown host',
    {
      code: 255,
      stderr: 'ssh: Could not resolve hostname ctrl: Name or service not known\r\n',
    },
    {
      kind: 'ssh',
      message: 'ssh to pi@ctrl failed: Could not resolve hostname ctrl: Name or service not known.',
      next: /name/,
    },
  ],
  [
    'nothing listens',
    { code: 255, stderr: 'ssh: connect to host ctrl port 22: Connection refused\r\n' },
    {
      kind: 'ssh',
      message: 'ssh to pi@ctrl failed: connect to host ctrl port 22: Connection refused.',
      next: /is on/,
    },
  ],
  [
    'no docker there, in whatever language',
    { code: 127, stderr: 'bash: Zeile 1: docker: Kommando nicht gefunden.\n' },
    { kind: 'ssh', message: 'There is no docker command on pi@ctrl.', next: /Install Docker/ },
  ],
  [
    'not in the docker group',
    {
      code: 1,
      stderr:
        'failed to open the raw stream connection: dial unix /var/run/docker.sock: connect: permission denied\n',
    },
    {
      kind: 'socket-permission',
      message: 'The user of pi@ctrl may not open the Docker socket there.',
      next: /usermod -aG docker/,
    },
  ],
  [
    'no socket there',
    {
      code: 1,
      stderr:
        'failed to open the raw stream connection: dial unix /x.sock: connect: no such file or directory\n',
    },
    {
      kind: 'socket-missing',
      message: 'There is no Docker socket where pi@ctrl looks for one.',
      next: /Start Docker/,
    },
  ],
  [
    'the engine does not run there',
    {
      code: 1,
      stderr:
        'failed to open the raw stream connection: dial unix /x.sock: connect: connection refused\n',
    },
    {
      kind: 'engine-stopped',
      message: 'The Docker engine of pi@ctrl is not running.',
      next: /systemctl start/,
    },
  ],
  [
    'docker before 18.09',
    { code: 1, stderr: "docker: 'dial-stdio' is not a docker command.\n" },
    {
      kind: 'ssh',
      message: 'The docker command on pi@ctrl is too old to be used over ssh.',
      next: /18\.09/,
    },
  ],
  [
    'no word at all',
    { code: 1, stderr: '' },
    {
      kind: 'ssh',
      message: 'ssh to pi@ctrl failed: it ended with exit code 1 before anything answered.',
      next: /ssh pi@ctrl docker version/,
    },
  ],
])('%s', async (_, ending, { next, ...expected }) => {
  const ssh = standInSsh(ending);
  const error = { ...expected, next: expect.stringMatching(next) };
  expect(await probeEngine(CTRL, WITHIN)).toMatchObject({ state: 'broken', error });
  await expect(dockerEngine(CTRL).tasks()).rejects.toMatchObject(error);
  await expect(
    dockerEngine(CTRL).events(new AbortController().signal, () => {}),
  ).rejects.toMatchObject(error);
  expect(ssh.alive()).toEqual([]);
});

test('reports a missing ssh program', async () => {
  vi.stubEnv('PATH', '/nowhere');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await probeEngine(CTRL, WITHIN)).toMatchObject({
    error: {
      kind: 'ssh',
      message: 'The program ssh is not installed here.',
      next: expect.stringContaining('openssh-client'),
    },
  });
});
