import * as z from 'zod/mini';
import { shell } from '../swarm/shell';
import { hasEnded } from '../swarm/task-phase';
import type { NodeView, PortView, ServiceView, SwarmView } from '../swarm/view';
import { findNode, findService } from './find-entity';
import { ROTATE, type FullRunRequest } from './run';
import { pathSchema } from './run-schemas';

/**
 * What the curl panel may dial. The server sends the requests, so it must not become a way into other
 * machines (SSRF): a caller names a service, one of its published ports and a node, and the address comes
 * only from the engine.
 */

/** The parts of the view that decide what may be dialled. */
export type DialView = Pick<SwarmView, 'nodes' | 'services' | 'tasks'>;

/** A node at which requests enter the mesh. */
export interface EntryPoint {
  readonly nodeId: string;
  readonly name: string;
  /** Numeric, without brackets. */
  readonly address: string;
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
  readonly port: number;
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
  request: Pick<FullRunRequest, 'service' | 'publishedPort' | 'entryNode' | 'path'>,
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

  const port = findPort(service, request.publishedPort);
  if (!port) {
    return no(
      'not-dialable',
      `${service.name} does not publish port ${request.publishedPort}.`,
      portAdvice(service),
    );
  }
  const { entries, why } = entriesOf(view, service, port, request.entryNode, path.data);
  const [first, ...others] = entries;
  if (!first) return { ok: false, why };
  return {
    ok: true,
    target: {
      serviceId: service.id,
      serviceName: service.name,
      echo: service.echo,
      entries: [first, ...others],
      port: request.publishedPort,
      path: path.data,
    },
  };
}

/**
 * Whether a target may still be dialled: its service exists, allows the curl panel, and publishes the
 * port. A node that is down stays a target: its failures are what a run is to show.
 */
export function stillDialable(
  view: Pick<SwarmView, 'services'>,
  { serviceId, port }: Pick<Target, 'serviceId' | 'port'>,
): boolean {
  const service = view.services.find(({ id }) => id === serviceId);
  return service !== undefined && service.curl && findPort(service, port) !== undefined;
}

/**
 * Whether a target's port is published at a node: with ingress mode at every node, with host mode only
 * where a task of the service runs or starts. Elsewhere the port may belong to another program.
 */
export function isPublishedAt(
  view: Pick<SwarmView, 'services' | 'tasks'>,
  { serviceId, port }: Pick<Target, 'serviceId' | 'port'>,
  nodeId: string,
): boolean {
  const service = view.services.find(({ id }) => id === serviceId);
  if (!service || findPort(service, port)?.mode !== 'host') return true;
  return view.tasks.some(
    (task) => task.serviceId === serviceId && task.nodeId === nodeId && !hasEnded(task.phase),
  );
}

/** The entry points, or `why` there are none. */
function entriesOf(
  view: DialView,
  service: ServiceView,
  port: PortView,
  wanted: string | undefined,
  path: string,
): { entries: EntryPoint[]; why: NoDial } {
  const nowhere = noDial(
    'not-dialable',
    `There is no node that is ready and can be entered at for ${service.name}.`,
    'Bring a node back: docker node ls shows them.',
  );
  const entries: EntryPoint[] = [];
  const take = (node: NodeView): NoDial | null => {
    const entry = entryAt(view, service, port, node, path);
    if ('detail' in entry) return entry;
    entries.push(entry);
    return null;
  };
  if (wanted === ROTATE) {
    for (const node of view.nodes) {
      if (node.state === 'ready' && entries.length < MAX_ENTRIES) take(node);
    }
    return { entries, why: nowhere };
  }
  const node = wanted === undefined ? hereOf(view) : findNode(view, wanted);
  if (node === 'ambiguous') {
    return {
      entries,
      why: noDial(
        'bad-request',
        `More than one node is called ${quote(wanted ?? '')}.`,
        'Give the id of the node instead.',
      ),
    };
  }
  if (!node && wanted === undefined) {
    return {
      entries,
      why: noDial(
        'not-dialable',
        'No node is known at which requests could enter.',
        'A proxy in front of the engine has to allow NODES or INFO.',
      ),
    };
  }
  if (!node) {
    return {
      entries,
      why: noDial(
        'not-found',
        `No node is called ${quote(wanted ?? '')}.`,
        'Give the name or the id of a node that docker node ls shows, or rotate.',
      ),
    };
  }
  return { entries, why: take(node) ?? nowhere };
}

/** The node whose engine the dashboard talks to; undefined for a moment after it has joined. */
function hereOf(view: DialView): NodeView | undefined {
  return view.nodes.find((node) => node.here) ?? view.nodes.find((node) => node.role === 'manager');
}

function entryAt(
  view: DialView,
  service: ServiceView,
  port: PortView,
  node: NodeView,
  path: string,
): EntryPoint | NoDial {
  if (node.state === 'down') {
    return noDial(
      'not-dialable',
      `${node.name} is down, nothing can enter there.`,
      'Use another entry node: the routing mesh reaches every task from every node.',
    );
  }
  const address = dialAddress(node.address);
  if (!address) {
    return noDial(
      'not-dialable',
      `The engine has no address for ${node.name}.`,
      'Use another entry node, or start that node with --advertise-addr.',
    );
  }
  const published = port.published ?? 0;
  if (port.mode === 'host' && !runsOn(view, service, node)) {
    return noDial(
      'not-dialable',
      `${service.name} publishes port ${published} on its tasks' own nodes only, and none of its tasks runs on ${node.name}.`,
      'Use an entry node that runs one of its tasks.',
    );
  }
  return { nodeId: node.id, name: node.name, address, url: urlOf(address, published, path) };
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

function findPort(service: ServiceView, published: number): PortView | undefined {
  const fits = service.ports.filter(
    (port) => port.published === published && port.protocol === 'tcp',
  );
  return fits.find((port) => port.mode === 'ingress') ?? fits[0];
}

function portAdvice(service: ServiceView): string {
  const ports = service.ports.flatMap((port) =>
    port.published !== null && port.protocol === 'tcp' ? [port.published] : [],
  );
  return ports.length > 0
    ? `It publishes ${ports.join(', ')}.`
    : `To publish one: ${shell`docker service update --publish-add published=8888,target=8080 ${service.name}`}`;
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
