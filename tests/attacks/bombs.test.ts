import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { runSchema } from '@/lib/curl/run';
import { percentile, watch } from './support/bystander';
import { capturedJson, startEngine } from './support/engine';
import { pour, setTrap, swarmAt } from './support/hostile';
import { ask, post } from './support/raw';
import { startServer } from './support/server';
import { openStream } from './support/stream';

/** An engine or a service that means harm costs the server neither its memory nor its time. */

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
  'an upgrade that nobody wanted': pour(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    BLOCK,
  ),
};

test.each(Object.entries(SERVICES))('a service that sends %s', async (_, manner) => {
  const service = await setTrap(manner);
  const server = await startServer({ dockerHost: await startEngine(swarmAt(service.port)) });
  await ask(server.port, '/api/swarm');
  const others = watch(server.port);
  const { body, status } = await post(server.port, '/api/runs', {
    service: 'hostile',
    publishedPort: service.port,
    mode: 'burst',
    burst: 30,
    inFlight: 16,
    timeout: 1,
    keepGoing: true,
  });
  expect(status, body).toBe(201);
  const { id } = runSchema.parse(JSON.parse(body));
  await expect
    .poll(async () => JSON.parse((await ask(server.port, `/api/runs/${id}`)).body), {
      timeout: 20_000,
    })
    .toMatchObject({ state: 'ended' });
  const { times, failures } = await others.stop();
  expect(failures).toEqual([]);
  expect(percentile(times, 1)).toBeLessThan(1000);
  expect(server.peakMemory()).toBeLessThan(200);
});

/** An answer that goes on for as long as it is read. */
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
  'an error without end': {
    '/tasks': (request, response) => {
      response.statusCode = 500;
      endless('{"message":"', 'x'.repeat(65_536))(request, response);
    },
  },
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
  await new Promise((resolve) => setTimeout(resolve, 2000));
  stream.close();
  const { times, failures } = await others.stop();
  expect(server.alive(), server.output().slice(-500)).toBe(true);
  expect(failures).toEqual([]);
  expect(percentile(times, 1)).toBeLessThan(1000);
  expect(server.peakMemory()).toBeLessThan(200);
  expect(stream.text().length).toBeLessThan(1_000_000);
});
