import type { ServerResponse } from 'node:http';
import type { EngineMessage } from '../event-log';
import { splitReference } from '../images';
import type { Swarm } from '../swarm';
import { DemoEngineError } from '../errors';
import { atLeast } from '../release';
import { hasLabels, readFilters, route, type ApiRoute } from './http';

/** The types of events that the demo has, and those that it never sends. */
const KINDS = ['service', 'node', 'container'] as const;
const OTHER_KINDS = ['network', 'config', 'secret', 'daemon', 'plugin', 'volume'];

/** What a client asked for; times in ms. */
interface EventRequest {
  matches: (message: EngineMessage) => boolean;
  since: number | undefined;
  until: number | undefined;
  api: string;
}

/** The open streams of `GET /events`, so that a fault can cut them. */
export class EventStreams {
  private readonly open = new Set<ServerResponse>();

  constructor(private readonly swarm: Swarm) {}

  routes(): ApiRoute[] {
    return [
      route('GET', '/events', false, ({ query, api }) => {
        const matches = matcher(readFilters(query, null, this.swarm.release));
        const since = instant(query.get('since'));
        const until = instant(query.get('until'));
        if (since !== undefined && until !== undefined && until < since) {
          const [from, to] = [query.get('since'), query.get('until')];
          const why = `\`since\` time (${from}) cannot be after \`until\` time (${to})`;
          throw new DemoEngineError(400, why);
        }
        return { stream: (response) => this.follow(response, { matches, since, until, api }) };
      }),
    ];
  }

  /** Closes every stream abruptly. Returns their number. */
  cut(): number {
    const count = this.open.size;
    for (const response of this.open) response.destroy();
    return count;
  }

  private follow(response: ServerResponse, { matches, since, until, api }: EventRequest): void {
    const { events, clock } = this.swarm;
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    const send = (message: EngineMessage) => {
      if (!matches(message)) return;
      const { status: _, id: __, from: ___, ...without } = message;
      const shown = atLeast(api, '1.52') ? without : message;
      response.write(`${JSON.stringify(shown)}\n`);
    };
    if (since !== undefined || (until !== undefined && until <= clock.now())) {
      for (const message of events.history()) {
        const at = message.timeNano / 1e6;
        if (at >= (since ?? 0) && at <= (until ?? Infinity)) send(message);
      }
    }
    if (until !== undefined && until <= clock.now()) {
      response.end();
      return;
    }
    const unsubscribe = events.subscribe(send);
    this.open.add(response);
    const end =
      until === undefined ? undefined : setTimeout(() => response.end(), until - clock.now());
    response.on('close', () => {
      this.open.delete(response);
      unsubscribe();
      clearTimeout(end);
    });
  }
}

/** Parses seconds with a fraction or RFC 3339; returns milliseconds. */
function instant(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  const seconds = Number(text);
  const ms = Number.isNaN(seconds) ? Date.parse(text) : seconds * 1000;
  return Number.isNaN(ms) ? undefined : ms;
}

function matcher(filters: Map<string, string[]>): (message: EngineMessage) => boolean {
  if (OTHER_KINDS.some((kind) => filters.has(kind))) return () => false;
  return ({ Type, Action, Actor, scope }) => {
    const type = filters.get('type');
    if (type && !type.includes(Type)) return false;
    const action = filters.get('event');
    if (action && !action.includes(Action)) return false;
    const scopes = filters.get('scope');
    if (scopes && !scopes.includes(scope)) return false;
    if (!hasLabels(Actor.Attributes, filters.get('label') ?? [])) return false;
    const images = filters.get('image');
    const image = Actor.Attributes['image'] ?? '';
    if (images && ![image, splitReference(image).repository].some((name) => images.includes(name)))
      return false;
    for (const kind of KINDS) {
      const wanted = filters.get(kind);
      if (!wanted) continue;
      const name = Actor.Attributes['name'] ?? '';
      const hit = wanted.some((text) => Actor.ID.startsWith(text) || name === text);
      if (Type !== kind || !hit) return false;
    }
    return true;
  };
}
