import { connect } from 'node:net';
import { setTimeout as later } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { LogMessage } from '@/lib/swarm/logs/messages';
import { startDashboard } from '../e2e/support/dashboard';
import { startDemo } from '../e2e/support/demo';
import { requestOverSocket } from '../support/unix-socket';
import { fixed, printTable } from './table';

/**
 * A service's log through the dashboard, with the heap of 128 MB that it is started with: five tasks on the five nodes of
 * the demo write lines of 60 characters. Lines that arrive, their delay, the server's CPU time and memory.
 */

const SECONDS = 10;
const MANY_SECONDS = 25;

const demo = await startDemo();
const dashboard = await startDashboard({ dockerHost: demo.dockerHost });
const { url } = dashboard;
const { port } = new URL(url);
const PATH = '/api/services/goweb/logs';

interface Reader {
  lines: number;
  skipped: number;
  notes: number;
  delays: number[];
}

const newReader = (): Reader => ({ lines: 0, skipped: 0, notes: 0, delays: [] });

/** A viewer who reads what comes, until `signal` aborts. */
async function read(signal: AbortSignal, reader: Reader, path = PATH): Promise<void> {
  try {
    const headers = { accept: 'text/event-stream' };
    const { body } = await fetch(url + path, { signal, headers });
    if (!body) throw new Error('no log');
    const events = body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    for await (const { data } of events) {
      const message = JSON.parse(data) as LogMessage;
      if (message.kind !== 'entries') continue;
      const now = Date.now();
      reader.skipped += message.skipped;
      for (const entry of message.entries) {
        if (entry.kind === 'note') reader.notes += 1;
        else if (entry.text.includes('chatter')) {
          reader.lines += 1;
          // Each line, until the array would be large.
          if (reader.delays.length < 100_000) reader.delays.push(now - Date.parse(entry.time));
        }
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** A viewer who never reads. */
function stuck(signal: AbortSignal): void {
  const socket = connect(Number(port), '127.0.0.1', () => {
    socket.write(
      `GET ${PATH} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: text/event-stream\r\n\r\n`,
    );
    socket.pause();
  });
  socket.on('error', () => {});
  signal.addEventListener('abort', () => socket.destroy());
}

/** Logs at once in the hardest case, as many as the server follows: each has another range, so another stream of the engine. */
const LOGS = 12;
const SLOW_VIEWERS = 25;
/** Of which the server takes four. */
const DOWNLOADS = 6;
const CHANGES = 200;
/** What a slow viewer reads (bytes a second). */
const SLOW = 20_000;

/** A viewer on a slow connection. */
function slow(signal: AbortSignal, path: string, type: string): void {
  let room = SLOW / 10;
  const socket = connect(Number(port), '127.0.0.1', () => {
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: ${type}\r\n\r\n`);
  });
  socket.on('data', ({ length }) => {
    room -= length;
    if (room <= 0) socket.pause();
  });
  const timer = setInterval(() => {
    room += SLOW / 10;
    if (room > 0) socket.resume();
  }, 100);
  socket.on('error', () => {});
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    socket.destroy();
  });
}

/** Changes the labels of the service, all at once. */
async function change(): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: CHANGES }, async (_, n) => {
      const { status } = await fetch(`${url}/api/services/goweb`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ labels: { [`bench-${n % 10}`]: String(n) } }),
      });
      return status;
    }),
  );
  const accepted = answers.filter((status) => status < 300).length;
  console.log(`${accepted} of ${CHANGES} changes were accepted`);
}

/** Many logs at once, with slow viewers, downloads and changes: the server's memory (MB) and its CPU time (%). */
async function measureMany(linesPerSecond: number) {
  await demo.control('/chatter', { service: 'goweb', linesPerSecond });
  const ends = new AbortController();
  const readers = Array.from({ length: LOGS }, newReader);
  const paths = readers.map((_, n) => `${PATH}?tail=${50 + n}`);
  const reading = readers.map((reader, n) => read(ends.signal, reader, paths[n]));
  for (let n = 0; n < SLOW_VIEWERS; n += 1) {
    slow(ends.signal, paths[n % LOGS] ?? PATH, 'text/event-stream');
  }
  await later(5000);
  const [began, before] = [performance.now(), dashboard.cpu()];
  const linesBefore = readers.reduce((sum, { lines }) => sum + lines, 0);
  const memory: number[] = [];
  let changed: Promise<void> = Promise.resolve();
  for (let second = 0; second < MANY_SECONDS; second += 1) {
    if (second === 5) for (let n = 0; n < DOWNLOADS; n += 1) slow(ends.signal, PATH, 'text/plain');
    if (second === 10) changed = change();
    await later(1000);
    memory.push(dashboard.memory());
  }
  await changed;
  const seconds = (performance.now() - began) / 1000;
  const cpu = ((dashboard.cpu() - before) / seconds) * 100;
  const perSecond = (readers.reduce((sum, { lines }) => sum + lines, 0) - linesBefore) / seconds;
  ends.abort();
  await Promise.all(reading);
  await demo.control('/chatter', { service: 'goweb', linesPerSecond: 0 });
  await later(12_000);
  const sum = (of: 'skipped' | 'notes') => readers.reduce((all, reader) => all + reader[of], 0);
  return [
    linesPerSecond,
    Math.round(perSecond),
    sum('skipped'),
    sum('notes'),
    fixed(
      quantile(
        readers.flatMap(({ delays }) => delays.slice(-5000)),
        0.95,
      ),
      0,
    ),
    fixed(cpu, 1),
    fixed(quantile(memory, 0.5), 0),
    fixed(Math.max(...memory), 0),
    fixed(dashboard.memory(), 0),
  ];
}

/** Requests every path of the API once: a route's code is loaded at its first request, and then stays in memory. */
async function loadEveryRoute(): Promise<void> {
  const document = (await (await fetch(`${url}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  for (const path of Object.keys(document.paths)) {
    const ends = new AbortController();
    // Some paths are endless streams.
    const timer = setTimeout(() => ends.abort(), 1000);
    const known = path.replace(/\{[^}]*\}/g, path.includes('/nodes/') ? 'zero1' : 'goweb');
    await fetch(url + known, { signal: ends.signal })
      .then((answer) => answer.text())
      .catch(() => {});
    clearTimeout(timer);
  }
}

const quantile = (values: readonly number[], p: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(p * (values.length - 1))] ?? Number.NaN;

async function measure(what: string, linesPerSecond: number, viewers: number, stuckOnes = 0) {
  await demo.control('/chatter', { service: 'goweb', linesPerSecond });
  const ends = new AbortController();
  const readers = Array.from({ length: viewers }, newReader);
  const reading = readers.map((reader) => read(ends.signal, reader));
  for (let n = 0; n < stuckOnes; n += 1) stuck(ends.signal);
  await later(3000);
  const first = readers[0] ?? newReader();
  // The history, whose lines are old, has been read.
  first.delays = [];
  const linesBefore = first.lines;
  const before = dashboard.cpu();
  let most = 0;
  for (let second = 0; second < SECONDS; second += 1) {
    await later(1000);
    most = Math.max(most, dashboard.memory());
  }
  const cpu = (dashboard.cpu() - before) / SECONDS;
  const perSecond = (first.lines - linesBefore) / SECONDS;
  ends.abort();
  await Promise.all(reading);
  await demo.control('/chatter', { service: 'goweb', linesPerSecond: 0 });
  // Until the log is no longer followed.
  await later(12_000);
  return [
    what,
    linesPerSecond,
    viewers,
    stuckOnes,
    viewers > 0 ? Math.round(perSecond) : '–',
    first.skipped,
    first.notes,
    viewers > 0 ? fixed(quantile(first.delays, 0.5), 0) : '–',
    viewers > 0 ? fixed(quantile(first.delays, 0.95), 0) : '–',
    fixed(cpu * 100, 1),
    fixed(most, 0),
  ];
}

async function measureSingle() {
  const rows = [
    await measure('nobody', 1000, 0),
    await measure('one page', 1000, 1),
    await measure('ten pages', 1000, 10),
    await measure('and forty that never read', 1000, 1, 40),
    await measure('more than is passed on', 10_000, 1),
  ];
  printTable(
    'A log of five nodes, live',
    [
      '',
      'lines/s',
      'pages',
      'stuck',
      'read/s',
      'skipped',
      'notes',
      'p50 ms',
      'p95 ms',
      'CPU %',
      'peak MB',
    ],
    rows,
  );
}

try {
  const { body } = await requestOverSocket(demo.socketPath, 'GET', '/services/goweb');
  const { ID, Version, Spec } = JSON.parse(body) as {
    ID: string;
    Version: { Index: number };
    Spec: { Mode: { Replicated: { Replicas: number } } };
  };
  Spec.Mode.Replicated.Replicas = 5;
  await requestOverSocket(
    demo.socketPath,
    'POST',
    `/services/${ID}/update?version=${Version.Index}`,
    Spec,
  );
  await later(4000);
  await loadEveryRoute();
  // `tsx tests/bench/logs.ts many` measures only that.
  const wanted = process.argv[2];
  if (wanted !== 'many') await measureSingle();
  printTable(
    `${LOGS} logs at once, ${SLOW_VIEWERS} slow viewers, ${DOWNLOADS} downloads, ${CHANGES} changes`,
    [
      'lines/s of each',
      'read/s in all',
      'skipped',
      'notes',
      'p95 ms',
      'CPU %',
      'median MB',
      'peak MB',
      'MB after',
    ],
    [await measureMany(1000)],
  );
} finally {
  await dashboard.stop();
  await demo.stop();
}
