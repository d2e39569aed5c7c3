import net from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { aRequest } from '@/tests/factories/curl';
import { aNode, aService, aView } from '@/tests/factories/view';
import type { FullRunRequest, Run } from '@/lib/curl/run';
import { createRunner } from '@/lib/runner/runner';
import { pourOnRequest } from '@/tests/support/pour';

/** What a run against a hostile target costs. */
export interface HostileCost {
  readonly run: Run;
  /** Maximum growth of the process (MB). */
  readonly grownMb: number;
  /** What the target sent on average before it was cut off (kB). */
  readonly pouredKb: number;
  /** Longest block of the event loop (ms), including the target's own. */
  readonly stallMs: number;
}

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

/** Targets that never stop sending. */
export const POURING = {
  'a body of 1 GB': pourOnRequest(
    'HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n',
    Buffer.alloc(65_536, 'x'),
  ),
  'a redirect with 1 GB': pourOnRequest(
    'HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 1073741824\r\n\r\n',
    Buffer.alloc(65_536, 'x'),
  ),
  'headers without end': pourOnRequest(
    'HTTP/1.1 200 OK\r\n',
    Buffer.from(`X-Bomb: ${'x'.repeat(1000)}\r\n`.repeat(64)),
  ),
  'informational answers without end': pourOnRequest(
    '',
    Buffer.from('HTTP/1.1 103 E\r\nLink: </a>\r\n\r\n'.repeat(2000)),
  ),
  'chunks of one byte': pourOnRequest(CHUNKED, Buffer.from('1\r\nx\r\n'.repeat(10_000))),
  'a chunk extension without end': pourOnRequest(`${CHUNKED}1;`, Buffer.alloc(65_536, 'x')),
  'trailers without end': pourOnRequest(
    `${CHUNKED}1\r\nx\r\n0\r\n`,
    Buffer.from('a:b\r\n'.repeat(10_000)),
  ),
  'line breaks without end': pourOnRequest('', Buffer.from('\r\n'.repeat(32_768))),
  'answers without end': pourOnRequest(
    '',
    Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'.repeat(2000)),
  ),
  'garbage without end': pourOnRequest('', Buffer.alloc(65_536, 0)),
};

/** Sends a burst to such a target on loopback. */
export async function hostile(
  manner: (socket: net.Socket) => void,
  over: Partial<FullRunRequest>,
): Promise<HostileCost> {
  let poured = 0;
  let seen = 0;
  const server = net.createServer((socket) => {
    seen += 1;
    socket.on('error', () => {});
    socket.on('close', () => (poured += socket.bytesWritten));
    manner(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { port } = address;
  const ports = [{ published: port, target: 80, protocol: 'tcp', mode: 'ingress' as const }];
  const view = aView({
    nodes: [aNode({ name: 'ctrl', address: '127.0.0.1' })],
    services: [aService({ ports })],
  });
  const runner = createRunner({ view: () => view, refresh: () => Promise.resolve(view) });
  const before = process.memoryUsage().rss;
  let most = before;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const look = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
  const run = await new Promise<Run>((resolve, reject) => {
    runner.subscribe(() => {
      const [newest] = runner.list();
      if (newest?.state === 'ended') resolve(newest);
    });
    const request = aRequest({ publishedPort: port, mode: 'burst', keepGoing: true, ...over });
    const started = runner.start(request, view);
    if (!started.ok) reject(new Error(started.why.detail));
  });
  clearInterval(look);
  delay.disable();
  await new Promise((resolve) => server.close(resolve));
  const stallMs = delay.max / 1e6;
  return { run, grownMb: (most - before) / 2 ** 20, pouredKb: poured / seen / 1024, stallMs };
}
