import type { RequestListener } from 'node:http';
import { setTimeout as later } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { pour } from '@/tests/support/pour';
import { watch } from './support/bystander';
import { capturedJson, startEngine } from './support/engine';
import { setTrap, swarmAt, type Trap } from './support/hostile';
import { loopProbe, type LoopProbe } from './support/loop-probe';
import { ask, post } from './support/raw';
import { startServer, type Server } from './support/server';
import { openStream } from './support/stream';

/** A hostile engine or service does not use up the server's memory or time. */

/**
 * Maximum length of one turn of the server's event loop while a service answers (ms of CPU time). Measured: below 20; before docs/decisions/011, 77 with interim answers and 154 with chunks of one
 * byte. For a hostile engine there is no such bound: the first page that the
 * server renders takes as long by itself.
 */
const MAX_STALL = 60;

const BLOCK = Buffer.alloc(65_536, 'x');
const BOMB = gzipSync(Buffer.alloc(50_000_000, ' '));

const SERVICES: Record<string, Parameters<typeof setTrap>[0]> = {
  'a body without end': pour('HTTP/1.1 200 OK\r\n\r\n', BLOCK),
  'a body of 1 GB': pour('HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n', BLOCK),
  'headers without end': pour(
    'HTTP/1.1 200 OK\r\n',
    Buffer.from(`X: ${'x'.repeat(1000)}\r\n`.repeat(64)),
  ),
  'a status line without end': pour('HTTP/1.1 200 ', BLOCK),
  'garbage without end': pour('', Buffer.alloc(65_536, 0)),
  'a gzip bomb': (socket) => {
    socket.write(
      `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${BOMB.length}\r\n\r\n`,
    );
    socket.end(BOMB);
  },
  'chunks of one byte without end': pour(
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    Buffer.from('1\r\nx\r\n'.repeat(10_000)),
  ),
  'a chunk size that overflows': pour(
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n',
    BLOCK,
  ),
  'interim answers without end': pour(
    '',
    Buffer.from('HTTP/1.1 102 Processing\r\n\r\n'.repeat(2000)),
  ),
  'a header of 1 MB': (socket) => {
    socket.end(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(1_000_000)}\r\n\r\n`);
  },
  'an error page without end': pour('HTTP/1.1 404 Not Found\r\n\r\n', BLOCK),
  'characters that JSON escapes': pour('HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(65_536, '"\\')),
  'an unrequested upgrade': pour(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    BLOCK,
  ),
};

const BURST = { mode: 'burst', burst: 16, inFlight: 16, keepGoing: true };

/** Sends requests to a hostile service, 16 at a time by default, to the run's end. Returns the run as JSON. */
async function fire(
  port: number,
  publishedPort: number,
  settings: object = BURST,
): Promise<string> {
  const { body, status } = await post(port, '/api/runs', {
    service: `hostile-${publishedPort}`,
    publishedPort,
    timeout: 1,
    ...settings,
  });
  expect(status, body).toBe(201);
  const { id } = JSON.parse(body);
  return vi.waitFor(
    async () => {
      const { body: run } = await ask(port, `/api/runs/${id}`);
      expect(JSON.parse(run)).toMatchObject({ state: 'ended' });
      return run;
    },
    { timeout: 60_000, interval: 50 },
  );
}

/** Maximum size of a run that keeps a response (bytes): headers and body have 4,096 characters each. */
const MAX_RUN = 24_000;

describe('a service', () => {
  const traps = new Map<string, Trap>();
  let server: Server | undefined;
  let loop: LoopProbe | undefined;
  const ends: (() => unknown)[] = [];
  beforeAll(async () => {
    const onEnd = (end: () => unknown) => ends.unshift(end);
    for (const [what, manner] of Object.entries(SERVICES)) {
      traps.set(what, await setTrap(manner, onEnd));
    }
    const ports = Array.from(traps.values(), ({ port }) => port);
    loop = loopProbe(onEnd);
    const dockerHost = await startEngine(swarmAt(...ports), {}, onEnd);
    server = await startServer({ dockerHost, env: loop.env }, onEnd);
    // The first run loads what a run needs.
    const [trap] = traps.values();
    await fire(server.port, trap?.port ?? 0);
    if (loop.longest() <= MAX_STALL) throw new Error('the probe does not see the start either');
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });

  test.each(Object.keys(SERVICES))('that sends %s', async (what) => {
    const trap = traps.get(what);
    if (!server || !loop || !trap) throw new Error('not started');
    const before = trap.connections();
    loop.longest();
    const others = watch(server.port);
    await fire(server.port, trap.port);
    const run = await fire(server.port, trap.port, { mode: 'once' });
    expect(Buffer.byteLength(run)).toBeLessThan(MAX_RUN);
    expect(JSON.parse(run)).toHaveProperty('response.address', `127.0.0.1:${trap.port}`);
    const { times, failures } = await others.stop();
    expect(trap.connections() - before).toBeGreaterThanOrEqual(16);
    expect(failures).toEqual([]);
    expect(times.length).toBeGreaterThan(0);
    expect(loop.longest()).toBeLessThan(MAX_STALL);
    expect(server.peakMemory()).toBeLessThan(200);
  });
});

/** An endless answer. */
const endless =
  (beginning: string, block: string): RequestListener =>
  (_, response) => {
    response.setHeader('content-type', 'application/json');
    response.write(beginning);
    const more = () => {
      while (!response.destroyed && response.write(block));
    };
    response.on('drain', more);
    more();
  };

const raw =
  (...args: Parameters<typeof pour>): RequestListener =>
  (request) =>
    pour(...args)(request.socket);

const ENGINES: Record<string, Record<string, RequestListener>> = {
  'a list without end': { '/tasks': endless('[{}', ',{}'.repeat(10_000)) },
  'a string without end': { '/nodes': endless('["', 'x'.repeat(65_536)) },
  'a list of 100,000 arrays in each other': {
    '/services': (_, response) => void response.end('['.repeat(100_000)),
  },
  'a gzip bomb': {
    '/tasks': (_, response) => void response.setHeader('content-encoding', 'gzip').end(BOMB),
  },
  'events without end': {
    '/events': endless('', '{"Type":"node","Action":"update"}\n'.repeat(1000)),
  },
  'an event without end': { '/events': endless('{"Type":"', 'x'.repeat(65_536)) },
  'headers without end': {
    '/info': raw('HTTP/1.1 200 OK\r\n', Buffer.from(`X: ${'x'.repeat(1000)}\r\n`.repeat(64))),
  },
  'garbage without end': { '/info': raw('', Buffer.alloc(65_536, 0)) },
};

test.each(Object.entries(ENGINES))('an engine that sends %s', async (_, special) => {
  const dockerHost = await startEngine(capturedJson(), special);
  const server = await startServer({ dockerHost });
  const others = watch(server.port);
  const stream = await openStream(server.port);
  await Promise.all([
    ask(server.port, '/api/swarm', { within: 30_000 }),
    ask(server.port, '/', { within: 30_000 }),
  ]);
  await later(1500);
  stream.close();
  const { times, failures } = await others.stop();
  expect(server.alive(), server.output().slice(-500)).toBe(true);
  expect(failures).toEqual([]);
  expect(times.length).toBeGreaterThan(0);
  expect(server.peakMemory()).toBeLessThan(200);
  expect(stream.text().length).toBeLessThan(1_000_000);
});
