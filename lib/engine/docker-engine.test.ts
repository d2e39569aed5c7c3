import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { engineListener, MANAGER } from '@/tests/support/stand-in-engine';
import { dockerEngine } from './docker-engine';

/** The engine behind a real socket, with servers that break in every way. */

let folder: string;
let servers: Server[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clusterhat-engine-'));
  servers = [];
});

afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
  rmSync(folder, { recursive: true, force: true });
});

async function serve(name: string, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  const path = join(folder, name);
  await new Promise<void>((done) => server.listen(path, done));
  return path;
}

test('rejects a response that is cut off at once, not after the timeout', async () => {
  const socketPath = await serve('half', (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
    response.write('[{"ID":', () => response.destroy());
  });
  await expect(dockerEngine({ kind: 'unix', socketPath }).tasks()).rejects.toMatchObject({
    kind: 'engine-error',
    message: "The engine's answer broke off in the middle.",
  });
});

test('accepts a complete response however its connection ends', async () => {
  const socketPath = await serve('whole', (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
    response.socket?.end();
  });
  await expect(dockerEngine({ kind: 'unix', socketPath }).tasks()).resolves.toEqual([]);
});

test('aborts a hanging call with its signal', async () => {
  const ends = new AbortController();
  const socketPath = await serve('hang', () => ends.abort());
  await expect(dockerEngine({ kind: 'unix', socketPath }).tasks(ends.signal)).rejects.toMatchObject(
    {
      kind: 'engine-timeout',
    },
  );
});

test('ping: any response counts; a timeout or no listener does not', async () => {
  const ok = await serve('ok', (_, response) => response.end('OK'));
  const ill = await serve('ill', (_, response) => response.writeHead(500).end('{"message":"no"}'));
  const silent = await serve('silent', () => {});
  const ping = (socketPath: string, timeoutMs: number) =>
    dockerEngine({ kind: 'unix', socketPath }).ping(timeoutMs);
  const results = [ping(ok, 60_000), ping(ill, 60_000), ping(silent, 200)];
  results.push(ping(join(folder, 'none'), 60_000));
  expect(await Promise.all(results)).toEqual([true, true, false, false]);
});

test('events: reports each one at once, and resolves when the stream is cut off', async () => {
  const socketPath = await serve('events', (_, response) => {
    response.writeHead(200).write('{"Type":"node","Action":"update"}\n', () => response.destroy());
  });
  const heard: string[] = [];
  const { signal } = new AbortController();
  const ended = dockerEngine({ kind: 'unix', socketPath }).events(signal, ({ Type }) =>
    heard.push(Type),
  );
  await ended.catch(() => {});
  expect(heard).toEqual(['node']);
});

test('past events: returns those of the time, and what an engine sent that goes on to wait', async () => {
  const event =
    '{"Type":"node","Action":"update","Actor":{"ID":"n1"},"timeNano":1765000001000000000}';
  for (const goesOn of [false, true]) {
    let query = new URLSearchParams();
    const socketPath = await serve(`past-${goesOn}`, (request, response) => {
      query = new URL(request.url ?? '', 'http://engine').searchParams;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`${event}\nno event\n`);
      if (!goesOn) response.end();
    });
    const engine = dockerEngine({ kind: 'unix', socketPath });
    const events = await engine.pastEvents(1_765_000_000_123, 1_765_000_002_000);
    expect(events).toMatchObject([{ Actor: { ID: 'n1' }, timeNano: 1_765_000_001e9 }]);
    expect([query.get('since'), query.get('until')]).toEqual(['1765000000.123', '1765000002.000']);
  }
});

test('past events: a refusal rejects', async () => {
  const socketPath = await serve('refused', (_, response) => {
    response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"no"}');
  });
  await expect(dockerEngine({ kind: 'unix', socketPath }).pastEvents(1, 2)).rejects.toMatchObject({
    kind: 'engine-refused',
  });
});

test('events: the stream ends when another engine replaces the socket file, even if the first still runs', async () => {
  let opened = () => {};
  const open = new Promise<void>((done) => (opened = done));
  const wait: RequestListener = (_, response) => {
    response.writeHead(200).flushHeaders();
    opened();
  };
  const socketPath = await serve('docker.sock', wait);
  const ended = dockerEngine({ kind: 'unix', socketPath }).events(
    new AbortController().signal,
    () => {},
  );
  await open;
  renameSync(await serve('next', wait), socketPath);
  await expect(ended).resolves.toBeUndefined();
});

describe('a node’s availability and labels', () => {
  /** An engine with one drained node, and the specs that it was sent. */
  async function aNodeWith(Labels: Record<string, string>) {
    const specs: unknown[] = [];
    const Spec = { Role: 'worker', Availability: 'drain', Labels };
    const socketPath = await serve('node', (request, response) => {
      if (request.method === 'GET') {
        response.end(JSON.stringify({ ID: 'n1', Version: { Index: 7 }, Spec }));
        return;
      }
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        specs.push(JSON.parse(body));
        response.end('{}');
      });
    });
    return { specs, engine: dockerEngine({ kind: 'unix', socketPath }) };
  }

  test('change in one update without other fields', async () => {
    const { specs, engine } = await aNodeWith({ was: 'active', other: 'x' });
    const change = { onlyFrom: 'drain', labels: { was: null, is: 'y' } } as const;
    expect(await engine.setAvailability('n1', 'active', change)).toEqual({
      from: 'drain',
      to: 'active',
    });
    const Labels = { other: 'x', is: 'y' };
    expect(specs).toEqual([{ Role: 'worker', Availability: 'active', Labels }]);
  });

  test('removes a label although the availability was changed; sends nothing if nothing changes', async () => {
    const { specs, engine } = await aNodeWith({ was: 'active' });
    const labels = { was: null };
    const to = await engine.setAvailability('n1', 'active', { onlyFrom: 'pause', labels });
    expect(to).toEqual({ from: 'drain', to: 'drain' });
    expect(specs).toEqual([{ Role: 'worker', Availability: 'drain', Labels: {} }]);
    await engine.setAvailability('n1', 'active', { onlyFrom: 'pause' });
    await engine.setAvailability('n1', 'drain', { labels: { was: 'active' } });
    await engine.setAvailability('n1', 'pause', { onlyLabelled: 'none', labels });
    expect(specs).toHaveLength(1);
    await engine.setAvailability('n1', 'pause', { onlyLabelled: 'was' });
    expect(specs).toHaveLength(2);
  });
});

test('the join command is quoted for a shell, with an IPv6 manager in brackets', async () => {
  const swarm = (address: string) => {
    const info = engineListener({ ...MANAGER, NodeAddr: address });
    return serve(`join-${address.length}`, (request, response) => {
      if (request.url?.split('?')[0] !== '/swarm') {
        info(request, response);
        return;
      }
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ JoinTokens: { Worker: 'SWMTKN-1-a' } }));
    });
  };
  const commandAt = async (address: string) =>
    dockerEngine({ kind: 'unix', socketPath: await swarm(address) }).joinCommand();
  const join = 'docker swarm join --token SWMTKN-1-a';
  expect(await commandAt('10.0.0.1')).toBe(`${join} 10.0.0.1:2377`);
  expect(await commandAt('fd00::1')).toBe(`${join} '[fd00::1]:2377'`);
  expect(await commandAt('$(id)')).toBe(`${join} '$(id):2377'`);
});
