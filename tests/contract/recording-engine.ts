import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RawSpec } from '@/lib/swarm/spec/raw-spec';

/** An engine that records the specs which docker's client posts, and does nothing with them. */
export interface RecordingEngine {
  socketPath: string;
  /** What `GET /services/{id}` and `GET /nodes/{id}` return; its `Spec` is replaced by each post. */
  entity: { ID: string; Version: { Index: number }; Spec: RawSpec };
  /** The specs posted, and the requests that were no part of this. */
  posted: RawSpec[];
  unknown: string[];
  close: () => Promise<void>;
}

/** `api`: the newest version that it speaks. `digest`: what its registry says about every image; null: unreachable. */
export async function recordingEngine(
  api: string,
  digest: string | null,
): Promise<RecordingEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'recording-'));
  const socketPath = join(folder, 'engine.sock');
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/v[\d.]+/, '').replace(/\?.*$/, '');
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const send = (json: unknown, status = 200) => {
        response.writeHead(status, { 'content-type': 'application/json', 'api-version': api });
        response.end(JSON.stringify(json));
      };
      if (path === '/_ping') send('OK');
      else if (path.startsWith('/distribution/')) {
        if (digest === null) send({ message: 'no route to the registry' }, 500);
        else {
          send({
            Descriptor: { mediaType: 'application/json', digest, size: 1 },
            Platforms: [{ architecture: 'arm', os: 'linux' }],
          });
        }
      } else if (request.method === 'POST') {
        const spec = JSON.parse(body) as RawSpec;
        engine.posted.push(spec);
        engine.entity.Spec = spec;
        send(path === '/services/create' ? { ID: engine.entity.ID } : {});
      } else if (/^\/(services|nodes)\/[^/]+$/.test(path)) send(engine.entity);
      else if (path === '/info') send({ Swarm: { NodeID: 'n1' } });
      else {
        engine.unknown.push(`${request.method} ${path}`);
        send({ message: 'page not found' }, 404);
      }
    });
  });
  const engine: RecordingEngine = {
    socketPath,
    entity: { ID: 'service1', Version: { Index: 1 }, Spec: {} },
    posted: [],
    unknown: [],
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
      rmSync(folder, { recursive: true });
    },
  };
  await new Promise<void>((done) => server.listen(socketPath, done));
  return engine;
}
