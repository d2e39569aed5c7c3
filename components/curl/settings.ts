import * as z from 'zod/mini';
import { DURATIONS, pathSchema, RATES, type Run, type RunRequest } from '@/lib/curl/run';
import type { NodeView, ServiceView } from '@/lib/swarm/view';

/** Above this many a second Linux reuses source ports too soon for the counts to be fair. */
const FAIR_RATE = 20;

/** What the rate control offers: one request, or so many per second. */
export const RATE_CHOICES = ['once', ...RATES.filter((rate) => rate <= FAIR_RATE)] as const;

/**
 * The controls as this browser remembers them. Names, not ids: a service that was removed and
 * made again is the same to a person. Each field falls back alone when it cannot be read.
 */
const settingsSchema = z.object({
  target: z.catch(z.nullable(z.string()), null),
  entryNode: z.catch(z.nullable(z.string()), null),
  path: z.catch(z.string().check(z.maxLength(1000)), '/Hello!'),
  rate: z.catch(z.literal(RATE_CHOICES), 5),
  seconds: z.catch(z.literal(DURATIONS), 30),
});

/** What the controls show. */
export interface Settings {
  /** Service and published port as a {@link Target}'s key; null for the first one there is. */
  readonly target: string | null;
  /** Name of the entry node; null for the node whose engine we talk to. */
  readonly entryNode: string | null;
  readonly path: string;
  /** Requests per second. Runs that were not started here can have others than those on offer. */
  readonly rate: 'once' | number;
  readonly seconds: number;
}

/** The controls before anybody touched them. */
export const DEFAULT_SETTINGS: Settings = {
  target: null,
  entryNode: null,
  path: '/Hello!',
  rate: 5,
  seconds: 30,
};

/** The remembered controls; whatever is not understood is the default. */
export function parseSettings(text: string | null): Settings {
  if (text === null) return DEFAULT_SETTINGS;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return DEFAULT_SETTINGS;
  }
  const parsed = z.safeParse(settingsSchema, json);
  return parsed.success ? parsed.data : DEFAULT_SETTINGS;
}

/** A published port that the curl panel may dial. */
export interface Target {
  /** `goweb:8888`, for a select and for the memory. */
  readonly key: string;
  readonly service: ServiceView;
  readonly port: number;
}

/** Every port that may be dialled: published over TCP, of services that allow it. */
export function dialable(services: readonly ServiceView[]): Target[] {
  return services
    .filter((service) => service.curl)
    .flatMap((service) =>
      service.ports.flatMap(({ published, protocol }) =>
        published !== null && protocol === 'tcp'
          ? [{ key: `${service.name}:${published}`, service, port: published }]
          : [],
      ),
    );
}

/** Nodes at which a request can enter the mesh: ready, with an address. Drained ones too: the mesh is everywhere. */
export function entryNodes(nodes: readonly NodeView[]): NodeView[] {
  return nodes.filter((node) => node.state === 'ready' && node.address !== null);
}

/** The remembered target while it exists, else the first (the echo service comes first in a view). */
export function chooseTarget(targets: readonly Target[], wanted: string | null): Target | null {
  return targets.find((target) => target.key === wanted) ?? targets[0] ?? null;
}

/** The remembered entry node while it is ready, else the node whose engine we talk to. */
export function chooseEntry(nodes: readonly NodeView[], wanted: string | null): NodeView | null {
  return (
    nodes.find((node) => node.name === wanted) ??
    nodes.find((node) => node.here) ??
    nodes[0] ??
    null
  );
}

/** Why a path will not do, as a sentence; null when it will. */
export function pathComplaint(path: string): string | null {
  if (!path.startsWith('/')) return 'A path starts with /.';
  if (path.startsWith('//')) return 'A path starts with one /, not two.';
  if (path.includes(' ')) return 'A path has no spaces. Write %20 instead.';
  if (path.length > 200) return `A path has at most 200 characters; this one has ${path.length}.`;
  return z.safeParse(pathSchema, path).success
    ? null
    : 'A path has only visible ASCII characters, and no #.';
}

/** The command that does the same once, as a person would type it. */
export function curlCommand(address: string, port: number, path: string): string {
  const host = address.includes(':') ? `[${address}]` : address;
  const url = `http://${host}:${port}${path}`;
  // A bracketed address and these characters mean something to a shell or to curl's globbing.
  if (/^[\w:/.!%,+@=~^-]+$/.test(url)) return `curl ${url}`;
  const glob = /[[\]{}]/.test(url) ? '-g ' : '';
  return `curl ${glob}'${url.replaceAll("'", String.raw`'\''`)}'`;
}

/** The request that starts what the controls show. */
export function runRequest(settings: Settings, target: Target, entry: NodeView): RunRequest {
  const { rate, seconds, path } = settings;
  return {
    service: target.service.id,
    publishedPort: target.port,
    entryNode: entry.id,
    path,
    mode: rate === 'once' ? 'once' : 'steady',
    rate: rate === 'once' ? 1 : rate,
    seconds: rate === 'once' ? 1 : seconds,
  };
}

/** The controls as a run that is going on was started, so that everybody who watches sees them. */
export function settingsOfRun(
  request: Run['request'],
  services: readonly ServiceView[],
  nodes: readonly NodeView[],
): Settings {
  const service = services.find(({ id }) => id === request.serviceId)?.name;
  const entryNode = nodes.find(({ id }) => id === request.entryNodeId)?.name;
  return {
    target: `${service ?? request.service}:${request.publishedPort}`,
    entryNode: entryNode ?? request.entryNode,
    path: request.path,
    rate: request.mode === 'once' ? 'once' : request.rate,
    seconds: request.seconds,
  };
}

/** The choices on offer, and `present` among them where a run was started with another. */
export function withPresent<T extends number | string>(
  choices: readonly T[],
  present: T,
): readonly T[] {
  return choices.includes(present) ? choices : [...choices, present];
}
