import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LogEntry } from '../swarm/logs/lines';
import { engineAgent } from './connection';
import { dockerEngine } from './docker-engine';
import { dockerode } from './dockerode';
import { engineCalls } from './engine-call';
import { readLog, type LogOptions } from './logs';

let folder: string;
let server: Server;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clusterhat-logs-'));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true, force: true });
});

async function serve(answer: (...args: Parameters<RequestListener>) => unknown) {
  server = createServer((...args) => void answer(...args));
  const socketPath = join(folder, 'docker.sock');
  await new Promise<void>((done) => server.listen(socketPath, done));
  return { kind: 'unix', socketPath } as const;
}

const ALL: LogOptions = { follow: false, tail: null, since: null };
const GOWEB = { kind: 'service', id: 'goweb' } as const;

function frame(type: number, text: string): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.from([type, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

const line = (n: number) =>
  frame(
    1,
    `2026-01-01T12:00:00.00000000${n}Z com.docker.swarm.node.id=n1,com.docker.swarm.service.id=s1,com.docker.swarm.task.id=t1 line ${n}\n`,
  );

async function collect(pieces: AsyncIterable<LogEntry[]>): Promise<string[]> {
  const texts: string[] = [];
  for await (const piece of pieces) texts.push(...piece.map(({ text }) => text));
  return texts;
}

test('requests what is wanted, of services and tasks', async () => {
  const paths: (string | undefined)[] = [];
  const address = await serve((request, response) => {
    paths.push(request.url);
    response.end();
  });
  const engine = dockerEngine(address);
  const never = new AbortController().signal;
  await collect(engine.logs(GOWEB, ALL, never));
  const since = '2026-01-01T12:00:00.000000001Z';
  await collect(engine.logs({ kind: 'task', id: 't1' }, { follow: true, tail: 0, since }, never));
  const query = 'stdout=1&stderr=1&timestamps=1&details=1';
  expect(paths).toEqual([
    `/services/goweb/logs?${query}&follow=0&tail=all`,
    `/tasks/t1/logs?${query}&follow=1&tail=0&since=1767268800.000000001`,
  ]);
});

test('a name that would be another path is not sent', async () => {
  const address = await serve(() => expect.unreachable());
  const logs = dockerEngine(address).logs(
    { kind: 'service', id: '../secrets' },
    ALL,
    new AbortController().signal,
  );
  await expect(collect(logs)).rejects.toMatchObject({ kind: 'not-found' });
});

test('reads lines byte by byte, and the engine’s error at their end', async () => {
  const address = await serve(async (_, response) => {
    const bytes = Buffer.concat([line(1), line(2), frame(3, 'Error grabbing logs: no\n')]);
    for (const byte of bytes) {
      response.write(Buffer.from([byte]));
      if (byte === 10) await later(1);
    }
    response.end();
  });
  const texts = await collect(dockerEngine(address).logs(GOWEB, ALL, new AbortController().signal));
  expect(texts).toEqual(['line 1', 'line 2', 'Error grabbing logs: no']);
});

test('an answer that never ends has ended when it is silent; a followed one has not', async () => {
  const address = await serve((_, response) => response.write(line(1)));
  const agent = engineAgent(address);
  const { open } = engineCalls(address, agent, dockerode(address, agent));
  const read = (follow: boolean, signal: AbortSignal) =>
    collect(readLog(open, address, GOWEB, { ...ALL, follow }, signal, { silenceMs: 60 }));
  expect(await read(false, new AbortController().signal)).toEqual([
    'line 1',
    expect.stringContaining('Some lines may be missing'),
  ]);
  const ends = new AbortController();
  setTimeout(() => ends.abort(), 300);
  const began = Date.now();
  expect(await read(true, ends.signal)).toEqual(['line 1']);
  expect(Date.now() - began).toBeGreaterThanOrEqual(290);
});

test('closes the engine’s connection when its reader stops', async () => {
  let closed: () => void;
  const hasClosed = new Promise<void>((resolve) => (closed = resolve));
  const address = await serve((_, response) => {
    response.on('close', () => closed());
    response.write(line(1));
  });
  const follow = { ...ALL, follow: true };
  for await (const piece of dockerEngine(address).logs(
    GOWEB,
    follow,
    new AbortController().signal,
  )) {
    expect(piece).toHaveLength(1);
    break;
  }
  await hasClosed;
});

test('is read only as fast as it is taken', async () => {
  let sent = 0;
  const address = await serve(async (_, response) => {
    const block = Buffer.concat(Array.from({ length: 100 }, () => line(1)));
    while (!response.destroyed && sent < 20_000_000) {
      if (!response.write(block))
        await Promise.race([new Promise((r) => response.once('drain', r)), later(500)]);
      sent += block.length;
      if (response.writableLength > 1_000_000) break;
    }
  });
  const logs = dockerEngine(address).logs(GOWEB, ALL, new AbortController().signal);
  const pieces = logs[Symbol.asyncIterator]();
  await pieces.next();
  await later(1500);
  // What the kernel and node:http buffer on both sides.
  expect(sent).toBeLessThan(3_000_000);
  await pieces.return?.();
});

test.each([
  [404, { message: 'service goweb not found' }, { kind: 'not-found' }],
  [500, { message: 'tail value must be a positive integer or "all"' }, { kind: 'engine-error' }],
  [403, undefined, { kind: 'engine-refused', message: expect.stringContaining('SERVICES') }],
  [
    403,
    { message: 'The socket proxy does not allow this (ALLOW_LOGS); see deploy/README.md.' },
    { kind: 'engine-refused', message: expect.stringMatching(/it needs ALLOW_LOGS\.$/) },
  ],
])('status %i is an error', async (status, body, error) => {
  const address = await serve((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body && JSON.stringify(body));
  });
  const logs = dockerEngine(address).logs(GOWEB, ALL, new AbortController().signal);
  await expect(collect(logs)).rejects.toMatchObject(error);
});

test.each([
  ['breaks off', (bytes: Buffer) => bytes.subarray(0, -3), /broke off/],
  ['is no log', () => Buffer.from([1, 1, 1, 1, 1, 1, 1, 1, 1]), /no log/],
])('an answer that %s is an error after its lines', async (_, change, message) => {
  const address = await serve((_, response) => {
    response.write(line(1));
    setTimeout(() => response.write(change(line(2)), () => response.destroy()), 50);
  });
  const texts: string[] = [];
  const read = async () => {
    const logs = dockerEngine(address).logs(GOWEB, ALL, new AbortController().signal);
    for await (const piece of logs) texts.push(...piece.map(({ text }) => text));
  };
  await expect(read()).rejects.toThrow(message);
  expect(texts).toEqual(['line 1']);
});

test('lines that arrive in one piece with what is no log come before the error', async () => {
  const address = await serve((_, response) => {
    response.write(Buffer.concat([line(1), line(2), Buffer.from([9, 9, 9, 9, 9, 9, 9, 9, 9])]));
  });
  const texts: string[] = [];
  const read = async (follow: boolean) => {
    const options = { ...ALL, follow };
    const logs = dockerEngine(address).logs(GOWEB, options, new AbortController().signal);
    for await (const piece of logs) texts.push(...piece.map(({ text }) => text));
  };
  await expect(read(true)).rejects.toThrow(/no log/);
  await expect(read(false)).rejects.toThrow(/no log/);
  expect(texts).toEqual(['line 1', 'line 2', 'line 1', 'line 2']);
});

test('aborting it is no error', async () => {
  const ends = new AbortController();
  const address = await serve((_, response) => {
    response.write(line(1), () => setTimeout(() => ends.abort(), 300));
  });
  const logs = dockerEngine(address).logs(GOWEB, { ...ALL, follow: true }, ends.signal);
  expect(await collect(logs)).toEqual(['line 1']);
});
