import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A post that passed, with the engine's answer. */
export interface RecordedPost {
  /** With its query. */
  path: string;
  body: string;
  headers: Record<string, string | string[] | undefined>;
  status: number;
}

/** A socket in front of an engine's that records posts in the order in which they were answered. */
export interface RecordingProxy {
  socketPath: string;
  posts: RecordedPost[];
  /** Calls that the engine did not answer. */
  broken: string[];
  close(): void;
}

/** Starts a proxy to the engine at `target`. */
export async function recordingProxy(target: string): Promise<RecordingProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-record-'));
  const socketPath = join(folder, 'docker.sock');
  const posts: RecordedPost[] = [];
  const broken: string[] = [];
  const pass = async (asked: IncomingMessage, answer: ServerResponse) => {
    const { method = 'GET', url = '/', headers } = asked;
    const chunks: Buffer[] = [];
    for await (const chunk of asked as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    // A connection of its own: the engine may close one that is kept.
    const options = { socketPath: target, method, path: url, headers, agent: false };
    let answered = false;
    const sent = request(options, (got) => {
      answered = true;
      const { statusCode: status = 502 } = got;
      if (method === 'POST') posts.push({ path: url, body: body.toString(), headers, status });
      answer.writeHead(status, got.headers);
      got.pipe(answer);
    });
    sent.on('error', (error) => {
      // An engine that has answered may close the connection.
      if (answered) return;
      if (!answer.closed) broken.push(`${method} ${url}: ${String(error)}`);
      answer.destroy();
    });
    answer.on('close', () => sent.destroy());
    // At once: the engine answers as soon as it has read the JSON.
    sent.end(body);
  };
  const server = createServer((asked, answer) => {
    pass(asked, answer).catch(() => answer.destroy());
  });
  // As an engine, it keeps idle connections open.
  server.keepAliveTimeout = 0;
  server.listen(socketPath);
  await once(server, 'listening');
  return {
    socketPath,
    posts,
    broken,
    close() {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
