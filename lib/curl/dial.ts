import * as z from 'zod/mini';
import type { NodeView, PortView, ServiceView, SwarmView } from '../swarm/view';
import { findNode, findService } from './find';
import { pathSchema, type FullRunRequest } from './run';

/**
 * What the curl panel may dial. The server sends the requests, so it must not become a way into
 * other machines: a caller names a service, a port that it publishes and a node of the swarm, and
 * the address comes from the engine's own picture alone.
 */

/** The parts of the picture that decide on a dial. */
export type DialView = Pick<SwarmView, 'nodes' | 'services' | 'tasks'>;

/** Where a run's requests go. */
export interface Target {
  readonly serviceId: string;
  readonly serviceName: string;
  /** Answers must carry the echo service's text. */
  readonly echo: boolean;
  readonly entryNodeId: string;
  readonly entryNodeName: string;
  /** Numeric, without brackets. */
  readonly address: string;
  readonly port: number;
  readonly path: string;
  /** For people: `http://172.19.181.254:8888/Hello!` */
  readonly url: string;
}

/** Why something may not be dialled; `kind` is one of the API's problem kinds. */
export interface NoDial {
  readonly kind: 'bad-request' | 'not-found' | 'not-dialable';
  /** One sentence on what is wrong. */
  readonly detail: string;
  /** One sentence on what to do about it. */
  readonly next: string;
}

/** A target, or why there is none. */
export type Dial =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly why: NoDial };

const no = (kind: NoDial['kind'], detail: string, next: string): Dial => ({
  ok: false,
  why: { kind, detail, next },
});

/** Decides whether, and at which address, a run may be sent. */
export function dial(
  view: DialView,
  request: Pick<FullRunRequest, 'service' | 'publishedPort' | 'entryNode' | 'path'>,
): Dial {
  // Parsed again here, so that no caller can reach the wire around the request's schema.
  const path = pathSchema.safeParse(request.path);
  if (!path.success) {
    return no('bad-request', 'The path cannot be asked for.', 'Start it with one /, no spaces.');
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
      `To allow it: docker service update --label-add clusterhat.curl=true ${service.name}`,
    );
  }

  const wanted = request.entryNode ?? view.nodes.find((node) => node.here)?.id ?? '';
  const node = findNode(view, wanted);
  if (node === 'ambiguous') {
    return no(
      'bad-request',
      `More than one node is called ${quote(wanted)}.`,
      'Give the id of the node instead.',
    );
  }
  if (!node) {
    return no(
      'not-found',
      `No node is called ${quote(wanted)}.`,
      'Give the name or the id of a node that docker node ls shows.',
    );
  }
  if (node.state === 'down') {
    return no(
      'not-dialable',
      `${node.name} is down, nothing can enter there.`,
      'Enter at another node: with the routing mesh every node leads to every task.',
    );
  }
  const address = dialAddress(node.address);
  if (!address) {
    return no(
      'not-dialable',
      `The engine tells no address for ${node.name}.`,
      'Enter at another node, or start that node with --advertise-addr.',
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
  if (port.mode === 'host' && !runsOn(view, service, node)) {
    return no(
      'not-dialable',
      `${service.name} publishes port ${request.publishedPort} on its tasks' own nodes only, and none of its tasks runs on ${node.name}.`,
      'Enter at a node that runs one of its tasks.',
    );
  }

  return {
    ok: true,
    target: {
      serviceId: service.id,
      serviceName: service.name,
      echo: service.echo,
      entryNodeId: node.id,
      entryNodeName: node.name,
      address,
      port: request.publishedPort,
      path: path.data,
      url: urlOf(address, request.publishedPort, path.data),
    },
  };
}

/** The URL of a target; an IPv6 address stands in brackets (RFC 3986, 3.2.2). */
export function urlOf(address: string, port: number, path: string): string {
  const authority = address.includes(':') ? `[${address}]` : address;
  return `http://${authority}:${port}${path}`;
}

const ipv4 = z.ipv4();
const ipv6 = z.ipv6();

/**
 * An address that can be dialled, else null: numeric (a name would be asked of a resolver, which
 * could answer anything), not the unspecified one that some managers report, one machine only.
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
    : `To publish one: docker service update --publish-add published=8888,target=8080 ${service.name}`;
}

function runsOn(view: DialView, service: ServiceView, node: NodeView): boolean {
  return view.tasks.some(
    (task) => task.serviceId === service.id && task.nodeId === node.id && task.counts,
  );
}

/** What a caller wrote, safe to show in one line. */
function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
