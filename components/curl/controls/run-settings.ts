import { planOf } from '@/lib/curl/plan';
import {
  FAIR_RATE,
  type FullRunRequest,
  MAX_REQUESTS,
  RATES,
  ROTATE,
  type Run,
  type RunRequest,
} from '@/lib/curl/run';
import { isPath } from '@/lib/curl/path';
import type { NodeView, ServiceView } from '@/lib/swarm/view';

/** Rates on offer at first, and those that are shown with what has to be said about them. */
export const FAIR_RATES: readonly number[] = RATES.filter((rate) => rate <= FAIR_RATE);
/** See {@link FAIR_RATES}. */
export const FAST_RATES: readonly number[] = RATES.filter((rate) => rate > FAIR_RATE);

/** What the controls show. Names, not ids: a service that was made again is the same to a person. */
export interface RunSettings {
  /** Service and published port as a {@link Target}'s key; null for the first one there is. */
  readonly target: string | null;
  /** Name of the entry node, or `rotate`; null for the node whose engine we talk to. */
  readonly entryNode: string | null;
  readonly path: string;
  readonly method: FullRunRequest['method'];
  readonly mode: FullRunRequest['mode'];
  /** Requests per second of a steady run. Runs started elsewhere can have others than those on offer. */
  readonly rate: number;
  readonly seconds: number;
  /** Requests of a burst. */
  readonly burst: number;
  readonly inFlight: number;
  /** Seconds. */
  readonly timeout: number;
  readonly connection: FullRunRequest['connection'];
  readonly keepGoing: boolean;
}

/** The controls before anybody touched them. */
export const DEFAULT_SETTINGS: RunSettings = {
  target: null,
  entryNode: null,
  path: '/Hello!',
  method: 'GET',
  mode: 'steady',
  rate: 5,
  seconds: 30,
  burst: 100,
  inFlight: 4,
  timeout: 2,
  connection: 'new',
  keepGoing: false,
};

type IsValid = (value: unknown) => boolean;
const oneOf =
  (...values: readonly unknown[]): IsValid =>
  (value) =>
    values.includes(value);
const upTo =
  (max: number): IsValid =>
  (value) =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= max;
const matching =
  (pattern: RegExp): IsValid =>
  (value) =>
    typeof value === 'string' && pattern.test(value);

/**
 * What each control accepts: what the API does, whether it is on offer or not. Functions, as a schema would
 * add zod (20 kB) to what the page loads.
 */
export const IS_VALID: Readonly<Record<keyof RunSettings, IsValid>> = {
  target: (value) => value === null || matching(/^[^\s:]{1,200}:\d{1,5}$/)(value),
  entryNode: (value) => value === null || matching(/^\S{1,200}$/)(value),
  path: (value) => typeof value === 'string' && isPath(value),
  method: oneOf('GET', 'HEAD'),
  mode: oneOf('steady', 'burst', 'once'),
  rate: upTo(100),
  seconds: upTo(300),
  burst: upTo(MAX_REQUESTS),
  inFlight: upTo(16),
  timeout: upTo(5),
  connection: oneOf('new', 'keepAlive'),
  keepGoing: oneOf(true, false),
};

/** The controls as this browser remembers them: each that cannot be read is its default, alone. */
export function parseRunSettings(text: string | null): RunSettings {
  if (text === null) return DEFAULT_SETTINGS;
  try {
    const values: unknown = JSON.parse(text);
    return typeof values === 'object' && values !== null
      ? settingsFrom(values as Record<string, unknown>)
      : DEFAULT_SETTINGS;
  } catch {
    return DEFAULT_SETTINGS;
  }
}

/** Settings from loose values; whatever is missing or not understood is the default. */
export function settingsFrom(values: Readonly<Record<string, unknown>>): RunSettings {
  const valid = Object.entries(IS_VALID).flatMap(([name, isValid]) =>
    isValid(values[name]) ? [[name, values[name]] as const] : [],
  );
  return { ...DEFAULT_SETTINGS, ...(Object.fromEntries(valid) as Partial<RunSettings>) };
}

/** A published port that the curl panel may dial. */
export interface DialTarget {
  /** `goweb:8888`, for a select and for the memory. */
  readonly key: string;
  readonly service: ServiceView;
  readonly port: number;
}

/** Every port that may be dialled: published over TCP, of services that allow it. */
export function dialable(services: readonly ServiceView[]): DialTarget[] {
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
export function chooseTarget(
  targets: readonly DialTarget[],
  wanted: string | null,
): DialTarget | null {
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

/** What the controls name and the swarm does not have now, each as a sentence on what is used instead. */
export function notThere(
  { target, entryNode }: Pick<RunSettings, 'target' | 'entryNode'>,
  targets: readonly DialTarget[],
  nodes: readonly NodeView[],
): string[] {
  const words: string[] = [];
  const port = chooseTarget(targets, target);
  if (target !== null && port && port.key !== target) {
    words.push(`${target} is not a port that can be asked now: it is ${port.key} instead.`);
  }
  const entry = chooseEntry(nodes, entryNode);
  if (entryNode !== null && entryNode !== ROTATE && entry && entry.name !== entryNode) {
    words.push(`${entryNode} is not a node to enter at now: it is ${entry.name} instead.`);
  }
  return words;
}

/** Why a path will not do, as a sentence; null when it will. */
export function pathComplaint(path: string): string | null {
  if (!path.startsWith('/')) return 'A path starts with /.';
  if (path.startsWith('//')) return 'A path starts with one /, not two.';
  if (path.includes(' ')) return 'A path has no spaces. Write %20 instead.';
  if (path.length > 200) return `A path has at most 200 characters; this one has ${path.length}.`;
  return isPath(path) ? null : 'A path has only visible ASCII characters, and no #.';
}

/** The request that starts what the controls show. Only what its mode knows is sent. */
export function runRequest(settings: RunSettings, target: DialTarget, entry: NodeView): RunRequest {
  const { target: _name, entryNode, rate, seconds, burst, ...rest } = settings;
  return {
    ...rest,
    service: target.service.id,
    publishedPort: target.port,
    entryNode: entryNode === ROTATE ? ROTATE : entry.id,
    ...(rest.mode === 'steady' && { rate, seconds }),
    ...(rest.mode === 'burst' && { burst }),
  };
}

/** The controls as a run that is going on was started, so that everybody who watches sees them. */
export function settingsOfRun(
  request: Run['request'],
  services: readonly ServiceView[],
  nodes: readonly NodeView[],
): RunSettings {
  const { service, serviceId, publishedPort, entryNode, entryNodeId, ...rest } = request;
  const serviceName = services.find(({ id }) => id === serviceId)?.name ?? service;
  const nodeName = nodes.find(({ id }) => id === entryNodeId)?.name ?? entryNode;
  return {
    ...rest,
    target: `${serviceName}:${publishedPort}`,
    entryNode: entryNode === ROTATE ? ROTATE : nodeName,
  };
}

/** The numeric addresses at which a run enters: a node that is down meanwhile still has its turn. */
export function addressesOf({ entries }: Pick<Run, 'entries'>): string[] {
  return entries.map(({ url }) => new URL(url).hostname.replaceAll(/[[\]]/g, ''));
}

/** The choices on offer, and `present` among them where a run was started with another. */
export function withPresent<T extends number | string>(
  choices: readonly T[],
  present: T,
): readonly T[] {
  return choices.includes(present) ? choices : [...choices, present];
}

/** When the most requests that a run may send end it before its time; '' when they do not. */
export function capWords(settings: RunSettings): string {
  const { mode, rate, seconds } = settings;
  const { planned } = planOf(settings);
  if (mode !== 'steady' || planned === rate * seconds) return '';
  const most = planned.toLocaleString('en');
  return `Ends after ${Math.round(planned / rate)} s: a run has at most ${most} requests.`;
}

/** What of the controls behind "more" is not as usual, in a few words; '' when all is. */
export function unusualWords(settings: RunSettings): string {
  const { method, inFlight, timeout, keepGoing } = settings;
  return [
    method !== DEFAULT_SETTINGS.method && method,
    inFlight !== DEFAULT_SETTINGS.inFlight && `${inFlight} in flight`,
    timeout !== DEFAULT_SETTINGS.timeout && `timeout ${timeout} s`,
    keepGoing && 'keeps going',
  ]
    .filter((part) => part !== false)
    .join(', ');
}
