import { chmodSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { asNobody } from '@/tests/support/nobody';
import { engineListener, MANAGER, standIn } from '@/tests/support/stand-in-engine';
import type { EngineAddress } from './address';
import { dockerEngine } from './docker-engine';
import { probeEngine } from './probe';

/** Never reached but on a machine that hardly moves (ms). */
const WITHIN = 20_000;
vi.setConfig({ testTimeout: 30_000 });

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clusterhat-probe-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

const unix = (name = 'docker.sock'): EngineAddress => ({
  kind: 'unix',
  socketPath: join(folder, name),
});

/** What a probe finds of a server at a socket. */
async function probe(listener: RequestListener, withinMs = WITHIN) {
  const { connections } = await standIn(listener, { at: join(folder, 'docker.sock') });
  const found = await probeEngine(unix(), withinMs);
  await vi.waitFor(() => expect(connections().open).toBe(0), 5000);
  return found;
}

test('finds a manager over a socket and over IPv6', async () => {
  expect(await probe(engineListener())).toEqual({ state: 'manager' });
  const { port } = await standIn(engineListener(), { at: '::1' });
  const address: EngineAddress = { kind: 'tcp', host: '::1', port };
  expect(await probeEngine(address, WITHIN)).toEqual({ state: 'manager' });
  expect(await dockerEngine(address).tasks()).toEqual([]);
});

test('sends the host as it was written', async () => {
  const hosts: (string | undefined)[] = [];
  const { port } = await standIn(
    (request, response) => {
      hosts.push(request.headers.host);
      engineListener()(request, response);
    },
    { at: '::1' },
  );
  const address: EngineAddress = { kind: 'tcp', host: '::1', port };
  await probeEngine(address, WITHIN);
  await dockerEngine(address).tasks();
  expect(hosts).toEqual([`[::1]:${port}`, `[::1]:${port}`]);
});

test('finds an engine without a swarm', async () => {
  const swarm = { LocalNodeState: 'inactive', ControlAvailable: false, Error: '' };
  expect(await probe(engineListener(swarm))).toMatchObject({
    state: 'no-swarm',
    error: { kind: 'no-swarm', message: 'This engine is in no swarm.' },
  });
});

describe('a broken engine', () => {
  const EXPIRED =
    'error while loading TLS certificate in /var/lib/docker/swarm/certificates/swarm-node.crt: certificate (1 - x) not valid after Mon, 01 Jan 2024 00:00:00 UTC, and it is currently Sat, 28 Nov 2026 09:00:00 UTC: x509: certificate has expired or is not yet valid: ';

  test.each<
    [what: string, swarm: Partial<typeof MANAGER>, kind: string, message: string, next: RegExp]
  >([
    ['a worker', { ControlAvailable: false }, 'not-a-manager', 'worker', /controller/],
    [
      'a locked swarm',
      { LocalNodeState: 'locked', ControlAvailable: false },
      'swarm-locked',
      'locked',
      /docker swarm unlock/,
    ],
    [
      'still joining',
      { LocalNodeState: 'pending', ControlAvailable: false },
      'swarm-error',
      'joining',
      /Wait/,
    ],
    [
      'expired certificates',
      { LocalNodeState: 'error', ControlAvailable: false, Error: EXPIRED },
      'swarm-certificate',
      'its certificate for the swarm was valid until 1 Jan 2024 00:00 UTC, and when Docker used it the clock showed 28 Nov 2026 09:00 UTC.',
      /^Check the clock first/,
    ],
    [
      'another failure',
      { LocalNodeState: 'error', ControlAvailable: false, Error: 'disk full' },
      'swarm-error',
      'disk full.',
      /^The rest is in its log: /,
    ],
    [
      'an address that the machine has not got yet',
      {
        LocalNodeState: 'error',
        ControlAvailable: false,
        Error:
          'failed to listen on remote API address: listen tcp 172.19.181.254:2377: bind: cannot assign requested address',
      },
      'swarm-error',
      'cannot assign requested address.',
      /^Its network may have come up after Docker: `sudo systemctl restart docker`/,
    ],
    [
      'a failure that would set the terminal’s title and colour',
      {
        LocalNodeState: 'error',
        ControlAvailable: false,
        Error: '\x1b]0;gotcha\x07\x1b[31mdisk\r\nfull\u202E',
      },
      'swarm-error',
      'its swarm: disk full',
      /^The rest is in its log: /,
    ],
    [
      'a failure without a reason',
      { LocalNodeState: 'error', ControlAvailable: false },
      'swarm-error',
      'it returned no reason.',
      /^Check its clock first/,
    ],
    [
      'a state of the future',
      { LocalNodeState: 'dreaming' },
      'not-an-engine',
      'swarms',
      /DOCKER_HOST/,
    ],
  ])('%s', async (_, swarm, kind, message, next) => {
    const found = await probe(engineListener({ ...MANAGER, ...swarm }));
    expect(found).toMatchObject({
      state: 'broken',
      error: { kind, message: expect.stringContaining(message), next: expect.stringMatching(next) },
    });
    // Followed as it stands, that would end the swarm.
    expect(JSON.stringify(found)).not.toMatch(/swarm init(?! --force-new-cluster)/);
  });

  test('every call reports a swarm that did not start, although the engine advises swarm init', async () => {
    const swarm = { ...MANAGER, LocalNodeState: 'error', ControlAvailable: false, Error: EXPIRED };
    await standIn(
      (request, response) => {
        if (request.url === '/info') engineListener(swarm)(request, response);
        else {
          const message =
            'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';
          response.writeHead(503).end(JSON.stringify({ message }));
        }
      },
      { at: join(folder, 'docker.sock') },
    );
    await expect(dockerEngine(unix()).tasks()).rejects.toMatchObject({
      kind: 'swarm-certificate',
      message: expect.stringContaining('1 Jan 2024 00:00 UTC'),
    });
  });

  test.each([
    [
      'Swarm certificates have expired. To replace them, leave the swarm and join again.',
      'swarm-certificate',
    ],
    [
      'This node is not a swarm manager. Manager is being prepared or has trouble connecting to the cluster.',
      'swarm-error',
    ],
    ['This node is not a swarm manager. Use "docker swarm init" …', 'no-swarm'],
  ])('a call refused with %s', async (message, kind) => {
    await standIn((_, response) => response.writeHead(503).end(JSON.stringify({ message })), {
      at: join(folder, 'docker.sock'),
    });
    await expect(dockerEngine(unix()).tasks()).rejects.toMatchObject({ kind });
  });
});

describe('not an engine', () => {
  test.each<[what: string, listener: RequestListener, words: string]>([
    ['a web page', (_, response) => response.end('<html>'), 'something other than JSON'],
    ['other JSON', (_, response) => response.end('{"Name":"x"}'), 'JSON of another kind'],
    ['a missing page', (_, response) => response.writeHead(404).end('<html>'), 'status 404'],
    [
      'Podman',
      (request, response) => {
        response.setHeader('Libpod-API-Version', '4.3.1');
        engineListener({ LocalNodeState: 'inactive' })(request, response);
      },
      'Podman',
    ],
  ])('%s', async (_, listener, words) => {
    expect(await probe(listener)).toMatchObject({
      error: { kind: 'not-an-engine', message: expect.stringContaining(words) },
    });
  });

  test('reports a program that does not speak http', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end('SSH-2.0-OpenSSH_9.2\r\n');
    });
    await new Promise<void>((done) => server.listen(join(folder, 'docker.sock'), done));
    onTestFinished(() => void server.close());
    expect(await probeEngine(unix(), WITHIN)).toMatchObject({ error: { kind: 'not-an-engine' } });
  });
});

test('keeps the text of an unknown engine error', async () => {
  const message = 'authorization denied by plugin';
  expect(
    await probe((_, response) => response.writeHead(403).end(JSON.stringify({ message }))),
  ).toMatchObject({ error: { kind: 'engine-refused', message } });
});

test('times out before the head and within the body', async () => {
  const error = { kind: 'engine-timeout' };
  expect(await probe(() => {}, 100)).toMatchObject({ error });
  const { port } = await standIn((_, response) => response.writeHead(200).write('{'));
  expect(await probeEngine({ kind: 'tcp', host: '127.0.0.1', port }, 100)).toMatchObject({ error });
});

test('reports a missing socket and one without a listener', async () => {
  expect(await probeEngine(unix(), WITHIN)).toMatchObject({ error: { kind: 'socket-missing' } });
  const server = createServer();
  await new Promise<void>((done) => server.listen(join(folder, 'a.sock'), done));
  // Closing would remove the file under its first name.
  renameSync(join(folder, 'a.sock'), join(folder, 'docker.sock'));
  await new Promise((done) => server.close(done));
  expect(await probeEngine(unix(), WITHIN)).toMatchObject({ error: { kind: 'engine-stopped' } });
});

test('reports a socket that this user may not open', async () => {
  await standIn(engineListener(), { at: join(folder, 'docker.sock') });
  chmodSync(folder, 0o755);
  chmodSync(join(folder, 'docker.sock'), 0);
  expect(await asNobody(() => probeEngine(unix(), WITHIN))).toMatchObject({
    error: { kind: 'socket-permission' },
  });
});

test('reports a port without a listener and an unknown host', async () => {
  const { port, server } = await standIn(() => {});
  await new Promise((done) => server.close(done));
  expect(await probeEngine({ kind: 'tcp', host: '127.0.0.1', port }, WITHIN)).toMatchObject({
    error: { kind: 'engine-stopped', message: expect.stringContaining('is not running') },
  });
});
