import * as z from 'zod/mini';
import { shell } from '../swarm/shell';
import { hasEnded } from '../swarm/task-phase';
import type { NodeView, PortView, ServiceView, SwarmView } from '../swarm/view';
import { chosenPorts } from '../swarm/chosen-ports';
import { findNode, findService } from '../swarm/find-entity';
import { ROTATE, type FullRunRequest } from './run';
import { pathSchema } from './run-schemas';

/**
 * What the curl panel may dial. The server sends the requests, so it must not become a way into other
 * machines (SSRF): a caller names a service, one of its published ports and a node, and the address comes
 * only from the engine.
 */

/** The parts of the view that decide what may be dialled. */
export type DialView = Pick<SwarmView, 'nodes' | 'services' | 'tasks'>;

/** Addresses that the operator gave the dashboard with `DOCKER_HOST`, not the swarm. */
export interface EngineHost {
  /** The engine is on this machine, so that its loopback addresses are this machine's too. */
  readonly local: boolean;
  /** Further numeric addresses of the engine's own node. */
  readonly addresses: readonly string[];
  /** The port of the engine's own API there, which is never dialled; null: it has none. */
  readonly apiPort: number | null;
}

/** An engine on this machine, without further addresses. */
export const LOCAL_ENGINE: EngineHost = { local: true, addresses: [], apiPort: null };

/** An entry node with the addresses at which requests enter the mesh. */
export interface EntryPoint {
  readonly nodeId: string;
  readonly name: string;
  /** Numeric, without brackets: the first one to try. */
  readonly address: string;
  /** Those to try after it, in order. */
  readonly otherAddresses: readonly string[];
  /** Those that are not of the swarm, but of `DOCKER_HOST`; tried last. */
  readonly fallbackAddresses: readonly string[];
  /** For display: `http://172.19.181.254:8888/Hello!` */
  readonly url: string;
}

/** Maximum entry nodes of a rotating run. */
export const MAX_ENTRIES = 32;

/** Where a run's requests go. */
export interface Target {
  readonly serviceId: string;
  readonly serviceName: string;
  /** Answers must have the echo service's text. */
  readonly echo: boolean;
  /** Where they enter, in turn; one unless the request has `rotate`. */
  readonly entries: readonly [EntryPoint, ...EntryPoint[]];
  /** Host mode, rotating: nodes where a task may start during the run. */
  readonly laterEntries: readonly EntryPoint[];
  readonly publishMode: PortView['mode'];
  /** The published port; 0 when the engine chooses one for each task (host mode only). */
  readonly port: number;
  /** The container's port behind it. */
  readonly targetPort: number;
  readonly path: string;
}

/** Why something may not be dialled; `kind` is one of the API's problem kinds. */
export interface NoDial {
  readonly kind: 'bad-request' | 'not-found' | 'not-dialable';
  /** What is wrong, one sentence. */
  readonly detail: string;
  /** What to do about it, one sentence. */
  readonly next: string;
}

/** A target, or why it may not be dialled. */
export type Dial =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly why: NoDial };

const noDial = (kind: NoDial['kind'], detail: string, next: string): NoDial => ({
  kind,
  detail,
  next,
});
const no = (...why: Parameters<typeof noDial>): Dial => ({ ok: false, why: noDial(...why) });

/** Resolves a run request to a target, or to the reason why it may not be dialled. */
export function dial(
  view: DialView,
  request: Pick<FullRunRequest, 'service' | 'publishedPort' | 'targetPort' | 'entryNode' | 'path'>,
  host: EngineHost = LOCAL_ENGINE,
): Dial {
  // Parsed again here, so that no caller can bypass the request's schema.
  const path = pathSchema.safeParse(request.path);
  if (!path.success) {
    return no('bad-request', 'The path is invalid.', 'Start it with one /, no spaces.');
  }

  const service = findService(view, request.service);
  if (!service) {
    return no(
      'not-found',
      `No service is called ${quote(request.service)}.`,
      'Give the name or the id of a service that docker service ls shows.',
    );
  }
  if (!service.curl) {
    return no(
      'not-dialable',
      `The ports of ${service.name} are not for the curl panel: a published port may be an admin page.`,
      `To allow it: ${shell`docker service update --label-add clusterhat.curl=true ${service.name}`}`,
    );
  }

  const port = findPort(service, request);
  if (!port) return { ok: false, why: noPort(service, request) };
  if (port === 'ambiguous') {
    return no(
      'bad-request',
      `The engine chooses the ports of ${service.name} for more than one port of its containers.`,
      `Give one of them as targetPort: ${chosenTargets(service).join(', ')}.`,
    );
  }
  const facts = { view, service, port, path: path.data, host };
  const { entries, laterEntries, why } = entriesOf(facts, request.entryNode);
  const [first, ...others] = entries;
  if (!first) return { ok: false, why };
  return {
    ok: true,
    target: {
      serviceId: service.id,
      serviceName: service.name,
      echo: service.echo,
      entries: [first, ...others],
      laterEntries,
      publishMode: port.mode,
      port: request.publishedPort,
      targetPort: port.target,
      path: path.data,
    },
  };
}

/** What decides which port of a service a target is. */
type TargetPort = Pick<Target, 'serviceId' | 'port' | 'targetPort'>;

/**
 * Whether a target may still be dialled: its service exists, allows the curl panel, and publishes the
 * port. A node that is down stays a target: its failures are what a run is to show.
 */
export function stillDialable(view: Pick<SwarmView, 'services'>, target: TargetPort): boolean {
  const service = view.services.find(({ id }) => id === target.serviceId);
  return service !== undefined && service.curl && portOfTarget(service, target) !== undefined;
}

/**
 * The ports at which a target can be dialled at a node. In host mode a port is published only where a task of the
 * service runs or starts (elsewhere it may belong to another program); one that the engine chose while its task runs.
 */
export function portsAt(
  view: Pick<SwarmView, 'services' | 'tasks'>,
  target: TargetPort,
  nodeId: string,
): number[] {
  const service = view.services.find(({ id }) => id === target.serviceId);
  const port = service && portOfTarget(service, target);
  if (service && port && port.published === null) {
    return chosenPorts(view.tasks, service, port.target, nodeId);
  }
  if (port?.mode !== 'host') return [target.port];
  const isThere = view.tasks.some(
    (task) =>
      task.serviceId === target.serviceId && task.nodeId === nodeId && !hasEnded(task.phase),
  );
  return isThere ? [target.port] : [];
}

interface EntryFacts {
  readonly view: DialView;
  readonly service: ServiceView;
  readonly port: PortView;
  readonly path: string;
  readonly host: EngineHost;
}

/** The entry points, or `why` there are none. */
function entriesOf(
  facts: EntryFacts,
  wanted: string | undefined,
): { entries: EntryPoint[]; laterEntries: EntryPoint[]; why: NoDial } {
  const { view, service, port } = facts;
  const nowhere = noDial(
    'not-dialable',
    `There is no node that is ready and can be entered at for ${service.name}.`,
    'Bring a node back: docker node ls shows them.',
  );
  const notYet = noDial(
    'not-dialable',
    `${service.name} can be entered at the nodes of its running tasks only, and no node has one with a port yet.`,
    'Scale it up if it has no tasks, or try again in a moment.',
  );
  const entries: EntryPoint[] = [];
  const laterEntries: EntryPoint[] = [];
  const none = (why: NoDial) => ({ entries, laterEntries, why });
  if (wanted === ROTATE) {
    for (const node of view.nodes) {
      if (node.state !== 'ready' || entries.length + laterEntries.length >= MAX_ENTRIES) continue;
      const entry = entryAt(facts, node);
      if (!('detail' in entry)) entries.push(entry);
      else if (port.mode === 'host') laterEntries.push(...pointsOf(facts, node));
    }
    return none(laterEntries.length > 0 ? notYet : nowhere);
  }
  const node = wanted === undefined ? defaultEntry(facts) : findEntry(view, wanted);
  if (node === 'ambiguous') {
    return none(
      noDial(
        'bad-request',
        `More than one node is called ${quote(wanted ?? '')}.`,
        'Give the id of the node instead.',
      ),
    );
  }
  if (!node && wanted === undefined) {
    return none(
      noDial(
        'not-dialable',
        'No entry node is known.',
        'A proxy in front of the engine has to allow NODES or INFO.',
      ),
    );
  }
  if (!node) {
    return none(
      noDial(
        'not-found',
        `No node is called ${quote(wanted ?? '')}.`,
        'Give the name or the id of a node that docker node ls shows, or rotate.',
      ),
    );
  }
  const entry = entryAt(facts, node);
  if ('detail' in entry) return none(entry);
  entries.push(entry);
  return none(nowhere);
}

/** Of several nodes of a name that are all down any one: none can be dialled, for the same reason. */
function findEntry({ nodes }: Pick<SwarmView, 'nodes'>, wanted: string) {
  const node = findNode({ nodes }, wanted);
  const named = nodes.filter(({ hostname }) => node === 'ambiguous' && hostname === wanted);
  return named.every(({ state }) => state === 'down') ? (named[0] ?? node) : node;
}

/** The node whose engine the dashboard talks to; in host mode the first that has a task, if that one has none. */
function defaultEntry(facts: EntryFacts): NodeView | undefined {
  const { view, port } = facts;
  const here = hereOf(view);
  if (port.mode === 'ingress' || (here && !('detail' in entryAt(facts, here)))) return here;
  return view.nodes.find((node) => !('detail' in entryAt(facts, node))) ?? here;
}

/** The node whose engine the dashboard talks to; undefined for a moment after it has joined. */
function hereOf(view: DialView): NodeView | undefined {
  return view.nodes.find((node) => node.here) ?? view.nodes.find((node) => node.role === 'manager');
}

function entryAt(facts: EntryFacts, node: NodeView): EntryPoint | NoDial {
  const { view, service, port } = facts;
  if (node.state === 'down') {
    return noDial(
      'not-dialable',
      `${node.name} is down, nothing can enter there.`,
      port.mode === 'host'
        ? 'Use an entry node that runs one of its tasks.'
        : 'Use another entry node: the routing mesh reaches every task from every node.',
    );
  }
  const [entry] = pointsOf(facts, node);
  if (!entry) {
    return noDial(
      'not-dialable',
      `The engine has no address for ${node.name}.`,
      'Use another entry node, or start that node with --advertise-addr.',
    );
  }
  if (port.mode === 'ingress') return entry;
  if (!runsOn(view, service, node)) {
    const what =
      port.published === null ? `its containers' port ${port.target}` : `port ${port.published}`;
    return noDial(
      'not-dialable',
      `${service.name} publishes ${what} on its tasks' own nodes only, and none of its tasks runs on ${node.name}.`,
      'Use an entry node that runs one of its tasks.',
    );
  }
  if (port.published !== null) return entry;
  const [chosen] = chosenPorts(view.tasks, service, port.target, node.id);
  return chosen === undefined
    ? noDial(
        'not-dialable',
        `The engine reports no port yet for the tasks of ${service.name} on ${node.name}.`,
        'Try again in a moment, or use another entry node.',
      )
    : { ...entry, url: urlOf(entry.address, chosen, facts.path) };
}

/** The entry point at a node by its addresses alone; none without an address. */
function pointsOf({ port, path, host }: EntryFacts, node: NodeView): EntryPoint[] {
  const reported = [node.address, ...node.otherAddresses]
    .flatMap((one) => dialAddress(one) ?? [])
    // A remote engine's loopback is not this machine's.
    .filter((one) => host.local || !isLoopback(one));
  const own = node.here && !canBeApi(port, host) ? host.addresses : [];
  const fallbackAddresses = own
    .flatMap((one) => dialAddress(one) ?? [])
    .filter((one) => !reported.includes(one))
    .slice(0, MAX_FALLBACKS);
  const [address, ...otherAddresses] = reported.length > 0 ? reported : fallbackAddresses;
  if (address === undefined) return [];
  const { id: nodeId, name } = node;
  const url = urlOf(address, port.published ?? 0, path);
  return [{ nodeId, name, address, otherAddresses, fallbackAddresses, url }];
}

/** From here on the engine chooses ports for tasks (Linux's default). */
const FIRST_CHOSEN_PORT = 32_768;

/** Whether a port can be that of the engine's API: `DOCKER_HOST` can name a proxy, which no service publishes at. */
function canBeApi({ published }: PortView, { apiPort }: EngineHost): boolean {
  if (apiPort === null) return false;
  return published === null ? apiPort >= FIRST_CHOSEN_PORT : published === apiPort;
}

/** Most addresses of `DOCKER_HOST` that are tried. */
const MAX_FALLBACKS = 4;

/** Whether a numeric address is of the machine that dials it. */
export function isLoopback(address: string): boolean {
  return /^(::ffff:)?127\./i.test(address) || address === '::1';
}

/** The URL of a target; an IPv6 address is in brackets (RFC 3986, 3.2.2). */
export function urlOf(address: string, port: number, path: string): string {
  const authority = address.includes(':') ? `[${address}]` : address;
  return `http://${authority}:${port}${path}`;
}

const ipv4 = z.ipv4();
const ipv6 = z.ipv6();

/**
 * An address that may be dialled, else null: numeric (a resolver could return any address for a name), not
 * the unspecified address that some managers report, and not multicast or broadcast.
 */
export function dialAddress(address: string | null): string | null {
  if (address === null) return null;
  if (ipv4.safeParse(address).success) {
    const first = Number(address.split('.')[0]);
    return first === 0 || first >= 224 ? null : address;
  }
  if (ipv6.safeParse(address).success) {
    const anywhere = /^[0:.]+$/.test(address);
    return anywhere || /^ff/i.test(address) ? null : address;
  }
  return null;
}

/** The port that a request names; 0 stands for one that the engine chooses, as in Docker's API. */
function findPort(
  service: ServiceView,
  { publishedPort, targetPort }: Pick<FullRunRequest, 'publishedPort' | 'targetPort'>,
): PortView | 'ambiguous' | undefined {
  const fits = service.ports.filter(
    ({ published, target, protocol, mode }) =>
      protocol === 'tcp' &&
      (targetPort === undefined || target === targetPort) &&
      (publishedPort === 0 ? published === null && mode === 'host' : published === publishedPort),
  );
  if (publishedPort === 0 && new Set(fits.map(({ target }) => target)).size > 1) return 'ambiguous';
  return fits.find((port) => port.mode === 'ingress') ?? fits[0];
}

function portOfTarget(service: ServiceView, { port, targetPort }: TargetPort) {
  const found = findPort(service, {
    publishedPort: port,
    ...(port === 0 && { targetPort }),
  });
  return found === 'ambiguous' ? undefined : found;
}

function noPort(
  service: ServiceView,
  { publishedPort, targetPort }: Pick<FullRunRequest, 'publishedPort' | 'targetPort'>,
): NoDial {
  const behind = targetPort === undefined ? '' : ` for port ${targetPort} of its containers`;
  return noDial(
    'not-dialable',
    publishedPort === 0
      ? `The engine has not assigned a port to ${service.name}${behind}.`
      : `${service.name} does not publish port ${publishedPort}${behind}.`,
    portAdvice(service),
  );
}

/** The containers' ports for which the engine chooses one on each task's node. */
function chosenTargets(service: ServiceView): number[] {
  const targets = service.ports.flatMap(({ published, target, protocol, mode }) =>
    published === null && protocol === 'tcp' && mode === 'host' ? [target] : [],
  );
  return [...new Set(targets)];
}

function portAdvice(service: ServiceView): string {
  const ports = service.ports.flatMap((port) =>
    port.published !== null && port.protocol === 'tcp' ? [port.published] : [],
  );
  const published = ports.length > 0 ? [`It publishes ${ports.join(', ')}.`] : [];
  const chosen = chosenTargets(service).map(
    (target) =>
      `The engine chooses the ports for ${target}: give publishedPort 0 and targetPort ${target}.`,
  );
  const advice = [...published, ...chosen].join(' ');
  return (
    advice ||
    `To publish one: ${shell`docker service update --publish-add published=8888,target=8080 ${service.name}`}`
  );
}

function runsOn(view: DialView, service: ServiceView, node: NodeView): boolean {
  return view.tasks.some(
    (task) => task.serviceId === service.id && task.nodeId === node.id && task.phase === 'running',
  );
}

/** A caller's text, shortened to one safe line. */
function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
