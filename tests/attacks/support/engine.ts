import { createServer, type RequestListener } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withTest, type OnEnd } from './ends';

/** An engine's lists, unvalidated. */
export interface EngineJson {
  info: Record<string, unknown>;
  version: Record<string, unknown>;
  nodes: Record<string, unknown>[];
  services: Record<string, unknown>[];
  tasks: Record<string, unknown>[];
  /** `GET /swarm`. */
  swarm: Record<string, unknown>;
}

/** A real engine's lists (tests/fixtures/engine/README.md), unparsed; a fresh copy. */
export function capturedJson(): EngineJson {
  const read = (name: string) =>
    JSON.parse(readFileSync(`tests/fixtures/engine/${name}.json`, 'utf8'));
  return {
    info: read('info'),
    version: read('version'),
    nodes: read('nodes'),
    services: read('services'),
    tasks: read('tasks'),
    swarm: { JoinTokens: { Worker: 'SWMTKN-1-worker', Manager: 'SWMTKN-1-manager' } },
  };
}

/** Starts an engine with these lists; `special` handles its paths itself. Returns its DOCKER_HOST. */
export async function startEngine(
  json: EngineJson,
  special: Record<string, RequestListener> = {},
  onEnd: OnEnd = withTest,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-attack-'));
  const socketPath = join(folder, 'docker.sock');
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0]?.replace(/^\/v1\.\d+/, '') ?? '';
    const listener = special[path];
    if (listener) return listener(request, response);
    response.setHeader('content-type', 'application/json');
    response.setHeader('api-version', '1.41');
    if (path === '/_ping') return response.end('OK');
    if (path === '/events') return response.flushHeaders();
    const list = Object.entries(json).find(([name]) => path === `/${name}`)?.[1] as unknown;
    const [, kind, id] = /^\/(services|nodes|tasks)\/([^/]+)$/.exec(path) ?? [];
    const one = (json[(kind as 'services' | undefined) ?? 'services'] ?? []).find(
      (entry) =>
        entry['ID'] === id || (entry['Spec'] as { Name?: string } | undefined)?.Name === id,
    );
    const answer = list ?? (kind ? one : undefined);
    if (answer === undefined) return response.writeHead(404).end('{"message":"page not found"}');
    return response.end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => server.listen(socketPath, done));
  onEnd(async () => {
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    await closed;
    rmSync(folder, { recursive: true, force: true });
  });
  return `unix://${socketPath}`;
}
