import { createServer, request } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A proxy before a dashboard, which can act as another build. */
export interface Proxy {
  url: string;
  /** Replaces each further chunk of an event stream; ends open streams. */
  play: (change: (chunk: string) => string) => void;
  /** Event stream chunks passed on so far. */
  passed: () => number;
  stop: () => Promise<void>;
}

/** Starts a proxy on a free port; passes on everything but event streams unchanged. */
export async function startProxy(target: string): Promise<Proxy> {
  let change = (chunk: string): string => chunk;
  let chunks = 0;
  const server = createServer((asked, answer) => {
    const { method, headers, url } = asked;
    // Keeps the browser's Host header, which the dashboard compares with the Origin.
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
