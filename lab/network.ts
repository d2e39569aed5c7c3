import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { z } from 'zod';
import { run, tryRun } from './exec';
import { LabFailure } from './failure';
import {
  addressesOf,
  HOST_LINK,
  isAnotherLab,
  LAN_NETNS,
  netnsOf,
  NODES,
  type NodeName,
  portOf,
  PREFIXES,
} from './layout';
import { isMarked, isMountPoint, mark, unmark } from './markers';

const BRIDGE = 'lan';

const NETNS_DIR = '/run/netns';

/** The network namespaces of a lab, whether or not they exist. */
const NAMESPACES = [LAN_NETNS, ...NODES.map(netnsOf)];

/** The first range without an address or a specific route on this machine. */
export async function freePrefix(): Promise<string> {
  const Route = z.object({ dst: z.string(), dev: z.string().optional() });
  const routes = z.array(Route).parse(JSON.parse(await run('ip', ['-j', 'route', 'show'])));
  const taken = [
    ...routes
      .filter((route) => route.dev !== HOST_LINK && route.dst !== 'default')
      .map((route) => route.dst),
    ...Object.entries(networkInterfaces())
      .filter(([name]) => name !== HOST_LINK)
      .flatMap(([, addresses]) => addresses ?? [])
      .filter((address) => address.family === 'IPv4')
      .map((address) => address.cidr ?? address.address),
  ];
  const free = PREFIXES.find((prefix) => !taken.some((range) => overlaps(range, `${prefix}.0/24`)));
  if (free === undefined) {
    throw new LabFailure(`every range that the lab could use is taken: ${PREFIXES.join(', ')}`);
  }
  return free;
}

/** Whether two IPv4 ranges (`10.0.0.0/8`, or an address alone) share an address. */
export function overlaps(one: string, other: string): boolean {
  const [a, aBits] = parseRange(one);
  const [b, bBits] = parseRange(other);
  const size = 2 ** (32 - Math.min(aBits, bBits));
  return Math.floor(a / size) === Math.floor(b / size);
}

function parseRange(range: string): [address: number, bits: number] {
  const [address = '', bits = '32'] = range.split('/');
  return [address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0), Number(bits)];
}

/**
 * Creates the LAN: a namespace with a bridge, the machine's link to it, and one port per node.
 * The bridge is not in the machine's namespace, where a firewall (another Docker's, say, which drops
 * what it forwards) would filter packets between the nodes.
 */
export async function createNetwork(prefix: string, nodes: readonly NodeName[]): Promise<void> {
  const { registry, host } = addressesOf(prefix);
  // The machine's first `ip netns add` turns this directory into a mount and leaves it so.
  if (!existsSync(NETNS_DIR)) mark('run-netns-made');
  if (!isMountPoint(NETNS_DIR)) mark('netns-mounted');
  await run('ip', ['netns', 'add', LAN_NETNS]);
  await run(
    'ip',
    ['-n', LAN_NETNS, '-batch', '-'],
    [
      'link set lo up',
      `link add ${BRIDGE} type bridge`,
      `addr add ${registry}/24 dev ${BRIDGE}`,
      `link set ${BRIDGE} up`,
    ].join('\n'),
  );
  await run(
    'ip',
    ['-batch', '-'],
    [
      `link add ${HOST_LINK} type veth peer name port-host netns ${LAN_NETNS}`,
      `addr add ${host}/24 dev ${HOST_LINK}`,
      `link set ${HOST_LINK} up`,
    ].join('\n'),
  );
  await run('ip', ['-n', LAN_NETNS, 'link', 'set', 'port-host', 'master', BRIDGE, 'up']);
  for (const node of nodes) await addNodeNetwork(prefix, node);
}

/** Creates a node's network namespace and connects it. It has no route out of the lab. */
export async function addNodeNetwork(prefix: string, node: NodeName): Promise<void> {
  const netns = netnsOf(node);
  const port = portOf(node);
  await run('ip', ['netns', 'add', netns]);
  await run(
    'ip',
    ['-n', LAN_NETNS, '-batch', '-'],
    [
      `link add ${port} type veth peer name eth0 netns ${netns}`,
      `link set ${port} master ${BRIDGE} up`,
    ].join('\n'),
  );
  await run(
    'ip',
    ['-n', netns, '-batch', '-'],
    [
      'link set lo up',
      `addr add ${addressesOf(prefix).nodes[node]}/24 dev eth0`,
      'link set eth0 up',
    ].join('\n'),
  );
}

/** Removes a node's namespace with all its interfaces. */
export async function removeNodeNetwork(node: NodeName): Promise<void> {
  await removeNamespace(netnsOf(node));
}

/** Disconnects or reconnects a node. */
export async function setLink(node: NodeName, state: 'up' | 'down'): Promise<void> {
  await run('ip', ['-n', LAN_NETNS, 'link', 'set', portOf(node), state]);
}

/** Whether a node is connected. */
export async function isLinkUp(node: NodeName): Promise<boolean> {
  const shown = await tryRun('ip', ['-n', LAN_NETNS, '-br', 'link', 'show', portOf(node)]);
  return shown.code === 0 && /<[^>]*\bUP\b/.test(shown.stdout);
}

/** The lab's existing network namespaces, including those left by a crash. */
export function presentNamespaces(): string[] {
  let present: string[];
  try {
    present = readdirSync(NETNS_DIR);
  } catch {
    return [];
  }
  return NAMESPACES.filter((name) => present.includes(name));
}

/** The processes of this machine in the lab's network namespaces, which all belong to the lab. */
export async function pidsInside(netns: string): Promise<number[]> {
  const { stdout } = await tryRun('ip', ['netns', 'pids', netns]);
  return stdout.split(/\s+/).filter(Boolean).map(Number);
}

/** Removes all namespaces of the lab and its link; skips what does not exist. */
export async function removeNetwork(): Promise<void> {
  await tryRun('ip', ['link', 'del', HOST_LINK]);
  for (const netns of presentNamespaces()) await removeNamespace(netns);
  // Other programs may have created namespaces since, which use the directory too.
  if (isAnotherLab() || (existsSync(NETNS_DIR) && readdirSync(NETNS_DIR).length > 0)) return;
  if (isMarked('netns-mounted') && isMountPoint(NETNS_DIR)) await run('umount', [NETNS_DIR]);
  unmark('netns-mounted');
  if (isMarked('run-netns-made') && existsSync(NETNS_DIR)) rmdirSync(NETNS_DIR);
  unmark('run-netns-made');
}

async function removeNamespace(netns: string): Promise<void> {
  await run('ip', ['netns', 'del', netns]);
}
