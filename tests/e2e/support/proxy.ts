import { createServer, request } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A proxy before a dashboard, as which another build of it can be played. */
export interface Proxy {
  url: string;
  /** From now on each chunk of an event stream is what this makes of it; streams that are open end. */
  play: (change: (chunk: string) => string) => void;
  /** Chunks of event streams that have passed. */
  passed: () => number;
  stop: () => Promise<void>;
}

/** Starts one on a free port; passes everything but event streams unchanged. */
export async function startProxy(target: string): Promise<Proxy> {
  let change = (chunk: string): string => chunk;
  let chunks = 0;
  const server = createServer((asked, answer) => {
    const { method, headers, url } = asked;
    // With the Host that the browser sent: the dashboard compares it with where a page is from.
    const passed = request(`${target}${url}`, { method, headers }, (from) => {
      answer.writeHead(from.statusCode ?? 502, from.headers);
      if (from.headers['content-type']?.startsWith('text/event-stream')) {
        from.setEncoding('utf8').on('data', (chunk: string) => {
          answer.write(change(chunk));
          chunks++;
        });
        from.on('end', () => answer.end());
      } else from.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    asked.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    play(next) {
      change = next;
      server.closeAllConnections();
    },
    passed: () => chunks,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
