import { setTimeout as later } from 'node:timers/promises';
import { closeAll, connections, pipeline } from './flood';
import { closedWithin, dial, requestText, staticPath } from './raw';
import { openStream } from './stream';

/**
 * All attacks at once, in a separate process so that the measuring test is not starved: `attackers.ts PORT
 * SECONDS`. Each attacker is a client and sends bursts at the interval below; prints how many requests each has
 * sent, as JSON.
 */

/** Interval of one attacker's bursts (ms). */
const PAUSE_MS = 250;

const [port = 0, seconds = 0] = process.argv.slice(2).map(Number);
const until = performance.now() + seconds * 1000;

const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket' };
const text = (method: string, path: string, headers?: Record<string, string>) =>
  requestText(method, path, port, headers);

/** One burst of requests on separate connections, which are closed shortly after. */
async function separate(request: string, count: number, from: string): Promise<number> {
  const sockets = await connections(port, request, count, from);
  await Promise.all(sockets.map((socket) => closedWithin(socket, 100)));
  await closeAll(sockets);
  return count;
}

/** One burst of requests in one write. */
async function inOneWrite(
  request: string,
  count: number,
  from: string,
  read = true,
): Promise<number> {
  await pipeline(port, request, count, { from, read, ms: 500 });
  return count;
}

/** Attackers by name; each sends a burst and returns its number of requests. */
const chunk = await staticPath(port);
const ATTACKERS: Record<string, (from: string) => Promise<number>> = {
  'GET / in one write': (from) => inOneWrite(text('GET', '/'), 1000, from),
  'GET /api/swarm in one write': (from) => inOneWrite(text('GET', '/api/swarm'), 3000, from),
  'GET /healthz in one write, unread': (from) =>
    inOneWrite(text('GET', '/healthz'), 3000, from, false),
  'a static chunk in one write, unread': (from) =>
    inOneWrite(text('GET', chunk), 3000, from, false),
  'GET / on separate connections': (from) => separate(text('GET', '/'), 200, from),
  'HEAD /api/live': (from) => separate(text('HEAD', '/api/live'), 50, from),
  'GET /api/live in one write, then closed': (from) =>
    inOneWrite(text('GET', '/api/live'), 100, from),
  upgrades: (from) => separate(text('GET', '/nowhere', upgrade), 100, from),
  'TRACE, OPTIONS and CONNECT': async (from) => {
    for (const [method = '', path = ''] of [
      ['TRACE', '/'],
      ['OPTIONS', '*'],
      ['CONNECT', 'a:1'],
    ]) {
      await separate(text(method, path), 20, from);
    }
    return 60;
  },
  'all the streams': async (from) => {
    const opened = await Promise.allSettled(
      Array.from({ length: 100 }, () => openStream(port, { from })),
    );
    await later(5000);
    for (const one of opened) if (one.status === 'fulfilled') one.value.close();
    return 100;
  },
  'connections that say nothing': async (from) => {
    const socket = await dial(port, from);
    socket.resume();
    await closedWithin(socket, 1000);
    socket.destroy();
    return 1;
  },
};

const sent: Record<string, number> = {};
await Promise.all(
  Object.entries(ATTACKERS).map(async ([name, burst], n) => {
    sent[name] = 0;
    while (performance.now() < until) {
      // The server may refuse an attacker's connection.
      sent[name] += await burst(`127.0.0.${20 + n}`).catch(() => 0);
      await later(PAUSE_MS);
    }
  }),
);
process.stdout.write(JSON.stringify(sent));
// Half-open sockets must not keep this process alive.
process.exit(0);
