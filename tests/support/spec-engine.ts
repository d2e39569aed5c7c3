import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { standIn } from './stand-in-engine';

/** A service or node of a `SpecEngine`: its JSON as text, so that every digit stays. */
interface Entity {
  version: number;
  spec: string;
  previous?: string;
}

/** A stand-in for an engine that stores specs as they were posted, and checks their version as swarm does. */
export class SpecEngine {
  readonly entities = new Map<string, Entity>();
  /** Every request, as `POST /services/x/update?version=1`. */
  readonly requests: string[] = [];
  /** Every spec that an entity had, oldest first. */
  readonly history: { id: string; spec: string }[] = [];
  /** The bodies of the posts, as sent. */
  readonly bodies: string[] = [];
  /** Runs after each read of an entity, before its answer: for changes by others. */
  afterRead: (id: string) => void = () => {};
  /** Answers a request instead of the engine. */
  override: (method: string, path: string) => { status: number; body: string } | null = () => null;
  socketPath = '';

  /** Listens on a socket until the end of the test. */
  async listen(): Promise<this> {
    const folder = mkdtempSync(join(tmpdir(), 'clusterhat-specs-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    this.socketPath = join(folder, 'docker.sock');
    await standIn(
      (request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          const { status, body: answer } = this.#answer(
            request.method ?? '',
            request.url ?? '',
            body,
          );
          response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
        });
      },
      { at: this.socketPath },
    );
    return this;
  }

  /** Writes a spec as another client would. */
  write(id: string, spec: string): void {
    const entity = this.entities.get(id);
    if (!entity) throw new Error(`there is no ${id}`);
    this.entities.set(id, { version: entity.version + 1, spec, previous: entity.spec });
    this.history.push({ id, spec });
  }

  #answer(method: string, url: string, body: string): { status: number; body: string } {
    this.requests.push(`${method} ${url}`);
    if (method === 'POST') this.bodies.push(body);
    const overridden = this.override(method, url);
    if (overridden) return overridden;
    const { pathname, searchParams } = new URL(url, 'http://engine');
    const [, kind = '', id = '', action] = pathname.split('/');
    const entity = this.entities.get(id);
    if (!entity) return problem(404, `${kind.slice(0, -1)} ${id} not found`);
    if (method === 'DELETE') {
      this.entities.delete(id);
      return { status: 200, body: '' };
    }
    if (method === 'POST' && action === 'update') {
      if (Number(searchParams.get('version')) !== entity.version) {
        return problem(500, 'rpc error: code = Unknown desc = update out of sequence');
      }
      this.write(id, searchParams.has('rollback') ? (entity.previous ?? entity.spec) : body);
      return { status: 200, body: kind === 'nodes' ? '' : '{"Warnings":null}\n' };
    }
    const { version, spec, previous } = entity;
    const more = previous === undefined ? '' : `,"PreviousSpec":${previous}`;
    const json = `{"ID":"${id}","Version":{"Index":${version}},"Spec":${spec}${more}}`;
    this.afterRead(id);
    return { status: 200, body: json };
  }
}

function problem(status: number, message: string): { status: number; body: string } {
  return { status, body: JSON.stringify({ message }) };
}
