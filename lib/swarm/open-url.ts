import type { NodeView, PortView, ServiceView } from './view';

type Node = Pick<
  NodeView,
  'id' | 'name' | 'hostname' | 'address' | 'otherAddresses' | 'state' | 'here'
>;

/** A published port, and where a browser can open it. */
export interface OpenPort {
  readonly port: number;
  readonly mode: PortView['mode'];
  /** Null when no address is known that works from the browser's place. */
  readonly url: string | null;
}

/**
 * The published TCP ports of a service with the addresses at which a browser opens them. `pageHostname`:
 * the browser's `location.hostname`.
 */
export function openPorts(
  { ports, targets }: Pick<ServiceView, 'ports' | 'targets'>,
  nodes: readonly Node[],
  pageHostname: string,
): OpenPort[] {
  // An IPv6 address has brackets there.
  const hostname = pageHostname.replaceAll(/[[\]]/g, '');
  return ports.flatMap((port) => {
    if (port.protocol !== 'tcp') return [];
    const target = targets.find(
      (one) => one.targetPort === port.target && one.port === (port.published ?? 0),
    );
    const hosts = target?.hosts;
    // In host mode only nodes that run a task answer, each at its own port.
    if (port.mode === 'host' && !hosts) return [];
    const usable = nodes.filter(({ id, state }) => state === 'ready' && (!hosts || hosts[id]));
    const entry = entryFor(usable, hostname);
    const number = hosts ? portOf(entry && hosts[entry.node.id]?.[0]) : port.published;
    if (number === null) return [];
    return [{ port: number, mode: port.mode, url: entry && urlOf(entry.host, number, port) }];
  });
}

/** The node at which the browser enters, and the name or address by which it reaches it. */
function entryFor(nodes: readonly Node[], hostname: string): { node: Node; host: string } | null {
  const own = nodes.find((node) => isNamed(node, hostname));
  if (own) return { node: own, host: hostname };
  const local = isLoopback(hostname);
  const inOrder = [...nodes.filter(({ here }) => here), ...nodes.filter(({ here }) => !here)];
  for (const node of inOrder) {
    // Loopback addresses, as of the demo, are those of the dashboard's machine.
    const address = [node.address, ...node.otherAddresses].find(
      (one) => one !== null && (local || !isLoopback(one)),
    );
    if (address) return { node, host: address };
  }
  return null;
}

/** Whether a browser reaches the node by this name: it came to the dashboard by it. */
function isNamed({ name, hostname, address, otherAddresses }: Node, wanted: string): boolean {
  const names = [name, hostname].map((one) => one.toLowerCase());
  const short = wanted.toLowerCase().replace(/\.local$/, '');
  return address === wanted || otherAddresses.includes(wanted) || names.includes(short);
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1)$|\.localhost$/i.test(host);
}

function portOf(host: string | null | undefined): number | null {
  const port = /:(\d+)$/.exec(host ?? '')?.[1];
  return port === undefined ? null : Number(port);
}

function urlOf(host: string, port: number, { target }: PortView): string {
  const scheme = [443, 8443].some((one) => one === port || one === target) ? 'https' : 'http';
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}/`;
}
