import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, get, type RequestListener } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { engineListener, MANAGER, standIn } from '@/tests/support/stand-in-engine';
import type { EngineAddress } from './address';
import { MAX_ANSWER_BYTES, MAX_LIST_BYTES, MAX_OBJECTS, MAX_VALUES, WatchedAgent } from './agent';
import { dockerEngine } from './docker-engine';
import { MAX_ODD } from '../swarm/read-list';
import { MAX_ITEMS } from './engine-call';
import { MAX_SKIPPED_BYTES } from './json-items';
import { MAX_LINE } from './lines';
import { probeEngine } from './probe';

// The heap that the server has, not that of tests.
vi.mock('node:v8', () => ({ getHeapStatistics: () => ({ heap_size_limit: 131 * 2 ** 20 }) }));

/** Answers that are refused, and that the terminal and the page report the same reason. */

const WITHIN = 20_000;
vi.setConfig({ testTimeout: 30_000 });

let socketPath: string;
let address: EngineAddress;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-agent-'));
  socketPath = join(folder, 'docker.sock');
  address = { kind: 'unix', socketPath };
  return () => rmSync(folder, { recursive: true, force: true });
});

/** What the launcher's probe and the engine's calls make of one and the same answer. */
async function verdicts() {
  const engine = dockerEngine(address);
  const failure = (asked: Promise<unknown>) =>
    asked.then(
      () => null,
      (error: unknown) => error,
    );
  const probe = await probeEngine(address, WITHIN);
  return {
    probe: probe.state === 'broken' ? probe.error : null,
    info: await failure(engine.info()),
    version: await failure(engine.version()),
    tasks: await failure(engine.tasks()),
    events: await failure(engine.events(new AbortController().signal, () => {})),
  };
}

test('many agents leave nothing on the promises of the process', async () => {
  const stores = () => Object.getOwnPropertySymbols(Promise.resolve()).length;
  const use = async () => {
    const agent = new WatchedAgent('the engine', () => connect(1));
    await agent.run(() => Promise.resolve());
    agent.destroy();
  };
  await use();
  const before = stores();
  for (let n = 0; n < 20; n += 1) await use();
  expect(stores()).toBe(before);
});

test('is formatted as one word, as docker-modem formats it at every call', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const bound = server.address();
  const port = bound && typeof bound === 'object' ? bound.port : 0;
  const agent = new WatchedAgent('here', () => connect(port, '127.0.0.1'));
  const asked = get({ agent }).on('error', () => {});
  await once(server, 'request');
  expect(inspect({ agent }, { showHidden: true, depth: null }).length).toBeLessThan(100);
  asked.destroy();
});

describe('an endless response', () => {
  /** Unread bytes that a connection can hold: the kernel's buffers and one chunk. */
  const IN_FLIGHT = 4_000_000;
  const CHUNK = Buffer.alloc(262_144, ' ');

  /** Sends `head`, then blanks without end; counts what is taken. */
  async function endless(head: string) {
    let taken = 0;
    let closed = 0;
    const server = createTcpServer((socket) => {
      const more = (error?: Error | null) => {
        if (error || socket.destroyed) return;
        taken += CHUNK.length;
        socket.write(CHUNK, more);
      };
      socket.on('error', () => {}).on('close', () => (closed += 1));
      socket.once('data', () => void socket.write(head, more));
    });
    await new Promise<void>((done) => server.listen(socketPath, done));
    onTestFinished(() => void server.close());
    return { taken: () => taken, closed: () => closed };
  }

  const LONG = 'Content-Length: 1000000000\r\n\r\n';
  test.each([
    ['a list of known length', `HTTP/1.1 200 OK\r\n${LONG}`, MAX_LIST_BYTES],
    ['a refusal', `HTTP/1.1 500 No\r\n${LONG}`, MAX_ANSWER_BYTES],
    ['a list until the connection ends', 'HTTP/1.1 200 OK\r\n\r\n', MAX_LIST_BYTES],
  ])('%s is refused at the limit', async (_, head, most) => {
    const { taken, closed } = await endless(head);
    await expect(dockerEngine(address).tasks()).rejects.toMatchObject({
      kind: 'engine-error',
      message: `The engine's answer has more than ${most / 1e6} MB, and was not read to its end.`,
      next: expect.stringContaining('DOCKER_HOST'),
    });
    await vi.waitFor(() => expect(closed()).toBe(1), WITHIN);
    expect(taken()).toBeGreaterThan(most - IN_FLIGHT);
    expect(taken()).toBeLessThan(most + IN_FLIGHT);
  });

  test('rejects an entry of a list at the limit for entries', async () => {
    const { taken, closed } = await endless('HTTP/1.1 200 OK\r\n\r\n["');
    await expect(dockerEngine(address).tasks()).rejects.toMatchObject({
      message: expect.stringContaining('more than 8 MB'),
    });
    await vi.waitFor(() => expect(closed()).toBe(1), WITHIN);
    expect(taken()).toBeLessThan(MAX_SKIPPED_BYTES + IN_FLIGHT);
  });

  test('is rejected by the probe too, and counts as a response for ping', async () => {
    const { taken, closed } = await endless('HTTP/1.1 200 OK\r\n\r\n');
    expect(await probeEngine(address, WITHIN)).toMatchObject({
      error: { message: expect.stringContaining('more than 24 MB') },
    });
    expect(await dockerEngine(address).ping(WITHIN)).toBe(true);
    await vi.waitFor(() => expect(closed()).toBe(2), WITHIN);
    expect(taken()).toBeLessThan(2 * (MAX_ANSWER_BYTES + IN_FLIGHT));
  });

  test('limits the error response of an event stream', async () => {
    const { taken } = await endless('HTTP/1.1 500 No\r\n\r\n');
    const { signal } = new AbortController();
    await expect(dockerEngine(address).events(signal, () => {})).rejects.toMatchObject({
      message: expect.stringContaining('more than 24 MB'),
    });
    expect(taken()).toBeLessThan(MAX_ANSWER_BYTES + IN_FLIGHT);
  });

  test('ends an event stream on an endless line', async () => {
    const { taken, closed } = await endless('HTTP/1.1 200 OK\r\n\r\n');
    const { signal } = new AbortController();
    await expect(dockerEngine(address).events(signal, () => {})).rejects.toMatchObject({
      kind: 'engine-error',
      message: expect.stringContaining('more than 1 MB'),
    });
    await vi.waitFor(() => expect(closed()).toBe(1), WITHIN);
    expect(taken()).toBeLessThan(MAX_LINE + IN_FLIGHT);
  });
});

test.each([
  ['objects', '{}', MAX_OBJECTS],
  ['arrays', '[]', MAX_OBJECTS],
  ['numbers', '1', MAX_VALUES],
])('an answer of too many %s is refused, however short it is', async (_, entry, most) => {
  const body = `[${Array(most + 2)
    .fill(entry)
    .join(',')}]`;
  expect(body.length).toBeLessThan(MAX_ANSWER_BYTES / 4);
  await standIn((_, response) => response.end(body), { at: socketPath });
  await expect(dockerEngine(address).info()).rejects.toMatchObject({
    kind: 'engine-error',
    message: expect.stringContaining("more entries than this server's memory is for"),
  });
});

test('rejects a list of too many entries', async () => {
  const body = JSON.stringify(Array.from({ length: MAX_ITEMS + 1 }, (_, n) => ({ ID: `${n}` })));
  await standIn((_, response) => response.end(body), { at: socketPath });
  await expect(dockerEngine(address).upToDateTasks()).rejects.toMatchObject({
    message: expect.stringContaining("more entries than this server's memory is for"),
  });
});

test('reads 5,000 tasks of 8 kB', async () => {
  const file = new URL('../../tests/fixtures/engine/tasks.json', import.meta.url);
  const [task] = JSON.parse(readFileSync(file, 'utf8')) as object[];
  const padding = 'x'.repeat(8050 - JSON.stringify(task).length);
  const tasks = Array.from({ length: 5000 }, (_, n) => ({ ...task, ID: `task-${n}`, padding }));
  const body = JSON.stringify(tasks);
  expect(body.length).toBeGreaterThan(40_000_000);
  await standIn((_, response) => response.end(body), { at: socketPath });
  expect(await dockerEngine(address).tasks()).toHaveLength(5000);
});

test('reports only one item of a list with hardly anything that can be read', async () => {
  const body = `[${'0,'.repeat(1_000_000)}0]`;
  await standIn((_, response) => response.end(body), { at: socketPath });
  const failed = dockerEngine(address).tasks();
  await expect(failed).rejects.toMatchObject({
    kind: 'engine-error',
    message: `The engine's answer does not make sense at ${MAX_ODD}.`,
    cause: { issues: [{ path: [MAX_ODD] }] },
  });
});

test('an event stream may be longer than a response', async () => {
  const line = `{"Type":"node","Action":"${'x'.repeat(900_000)}"}\n`;
  const lines = Math.ceil(MAX_ANSWER_BYTES / line.length) + 1;
  await standIn(
    (_, response) => {
      let left = lines;
      const more = () => (left-- > 0 ? void response.write(line, more) : void response.end());
      more();
    },
    { at: socketPath },
  );
  let received = 0;
  await dockerEngine(address).events(new AbortController().signal, () => (received += 1));
  expect(received).toBe(lines);
});

test.each([301, 302, 307, 308])('does not follow a redirect with status %i', async (status) => {
  let followed = 0;
  const { port } = await standIn((_, response) => {
    followed += 1;
    response.end('{}');
  });
  await standIn(
    (_, response) =>
      response.writeHead(status, { location: `http://127.0.0.1:${port}/secret` }).end(),
    { at: socketPath },
  );
  const error = {
    kind: 'not-an-engine',
    message: `What answers at ${socketPath} is no Docker engine (it returned status ${status}, a redirection to another address).`,
    next: 'Point DOCKER_HOST at the Docker engine of the controller.',
  };
  expect(await verdicts()).toMatchObject({
    probe: error,
    info: error,
    version: error,
    tasks: error,
    events: error,
  });
  expect(await dockerEngine(address).ping(WITHIN)).toBe(true);
  expect(followed).toBe(0);
});

describe('the terminal and the page show the same error for', () => {
  const html: RequestListener = (_, response) => response.end('<html>');
  test.each<[what: string, listener: RequestListener, kind: string, next: RegExp]>([
    [
      'an answer that breaks off',
      (_, response) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"Name":', () => response.destroy());
      },
      'engine-error',
      /journalctl/,
    ],
    [
      'an answer whose connection is reset',
      (_, response) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"Name":', () => response.socket?.resetAndDestroy());
      },
      'engine-error',
      /journalctl/,
    ],
    ['a web page', html, 'not-an-engine', /DOCKER_HOST/],
    ['other JSON', (_, response) => response.end('{"a":1}'), 'not-an-engine', /DOCKER_HOST/],
    [
      'a missing page',
      (_, response) => response.writeHead(404).end('<html>'),
      'not-an-engine',
      /DOCKER_HOST/,
    ],
    [
      'a socket proxy that refuses',
      (_, response) => response.writeHead(403).end('<html>'),
      'engine-refused',
      /proxy.*NODES/,
    ],
    [
      'a socket proxy with a limit of calls',
      (_, response) => response.writeHead(429).end('{"message":"rate limited"}'),
      'engine-error',
      /raise its limit of calls/,
    ],
    [
      'a socket proxy without its engine',
      (_, response) => response.writeHead(503).end('<html>'),
      'engine-error',
      /proxy/,
    ],
    [
      'Podman',
      (request, response) => {
        response.setHeader('Libpod-API-Version', '4.3.1');
        engineListener({ ...MANAGER, LocalNodeState: 'inactive' })(request, response);
      },
      'not-an-engine',
      /DOCKER_HOST/,
    ],
  ])('%s', async (_, listener, kind, next) => {
    const { port } = await standIn(listener);
    address = { kind: 'tcp', host: '127.0.0.1', port };
    const { probe, info, version } = await verdicts();
    expect(probe).toMatchObject({ kind, next: expect.stringMatching(next) });
    const { message } = probe ?? {};
    expect(info).toMatchObject({ kind, message });
    expect(version).toMatchObject({ kind, message });
  });
});

test('rejects endless informational responses after a few, without parsing the rest', async () => {
  const block = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(20_000);
  const server = createTcpServer((socket) => {
    socket.on('error', () => {}).once('data', () => socket.write(block));
  });
  await new Promise<void>((done) => server.listen(socketPath, done));
  onTestFinished(() => void server.close());
  let parsed = 0;
  const agent = new WatchedAgent('here', () => connect(socketPath));
  const refused = agent.run(
    () =>
      new Promise((_, reject) => {
        get({ agent })
          .on('information', () => (parsed += 1))
          .on('error', reject);
      }),
  );
  await expect(refused).rejects.toMatchObject({
    kind: 'not-an-engine',
    message: expect.stringContaining('informational answers only'),
  });
  expect(parsed).toBeLessThan(20);
  for (const error of Object.values(await verdicts())) {
    expect(error).toMatchObject({ kind: 'not-an-engine' });
  }
});
