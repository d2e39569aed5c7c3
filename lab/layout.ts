import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT_USAGE, LabFailure } from './failure';

/**
 * The lab's name, from CLUSTERHAT_LAB: empty by default; a short word for a second lab (of a test, for
 * example) with its own directories, namespaces and addresses.
 */
export const LAB_NAME = process.env['CLUSTERHAT_LAB'] ?? '';
if (!/^[a-z0-9]{0,8}$/.test(LAB_NAME)) {
  throw new LabFailure('CLUSTERHAT_LAB may have up to eight small letters and digits', EXIT_USAGE);
}

const SUFFIX = LAB_NAME === '' ? '' : `-${LAB_NAME}`;

/** The nodes of a ClusterHAT in order; the first is the manager. */
export const HAT = ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'] as const;

/** A sixth engine that is in no swarm, for the "no swarm" fault: `lab spare up`. */
export const SPARE = 'spare';

/** Every node name that `lab docker`, `break`, `kill` … accept. */
export const NODES = [...HAT, SPARE] as const;

/** The name of one lab node. */
export type NodeName = (typeof NODES)[number];

/** Whether a word from the command line names a node of the lab. */
export function isNodeName(word: string): word is NodeName {
  return (NODES as readonly string[]).includes(word);
}

/** Sockets, pids and logs: gone after `down`. */
export const RUN_DIR = `/run/clusterhat-lab${SUFFIX}`;

/** Images, volumes and swarm state of the engines, and the registry's blobs: gone after `down`. */
export const DATA_DIR = `/var/lib/clusterhat-lab${SUFFIX}`;

/** Whether another lab of this machine is up or was left by a crash, so that shared things must stay. */
export function isAnotherLab(): boolean {
  return readdirSync('/run').some(
    (entry) => /^clusterhat-lab(-[a-z0-9]+)?$/.test(entry) && join('/run', entry) !== RUN_DIR,
  );
}

/** Parent of every cgroup of the lab's engines. */
export const CGROUP = `clusterhat-lab${SUFFIX}`;

/** The namespace of the bridge and the registry, in place of the HAT's USB network. */
export const LAN_NETNS = `clusterhat${SUFFIX}-lan`;

/** The only interface that the lab adds to the machine's own namespace. */
export const HOST_LINK = LAB_NAME === '' ? 'clusterhat0' : `chat-${LAB_NAME}`;

/** Where the builder's base image is kept between `up`s; everything else goes with `down`. */
export const CACHE_DIR = fileURLToPath(
  new URL('../node_modules/.cache/clusterhat-lab', import.meta.url),
);

/** The repository's root: what `lab echo` builds from. */
export const REPO_DIR = fileURLToPath(new URL('..', import.meta.url));

/** The network namespace of a node, as `ip netns` lists it. */
export function netnsOf(node: NodeName): string {
  return `clusterhat${SUFFIX}-${node}`;
}

/** The switch's port to a node: taking it down disconnects the node. */
export function portOf(node: NodeName): string {
  return `port-${node}`;
}

/** The directory of a node's socket and log. */
export function runDirOf(node: NodeName): string {
  return join(RUN_DIR, node);
}

/** The engine's socket, seen under the same path by the machine and by the node. */
export function socketOf(node: NodeName): string {
  return join(runDirOf(node), 'docker.sock');
}

/** Directory of a node's certificates, if its engine also listens with TLS. */
export function tlsDirOf(node: NodeName): string {
  return join(runDirOf(node), 'tls');
}

/** Docker's port for TLS. */
export const TLS_PORT = 2376;

/** The engine's log: the first place to look if a node does not start. */
export function logOf(node: NodeName): string {
  return join(runDirOf(node), 'dockerd.log');
}

/** The engine's data root and the node's scratch mount points. */
export function dataDirOf(node: NodeName): string {
  return join(DATA_DIR, node);
}

/** Addresses of one lab, all in one /24 given by its first three numbers (`172.19.181`). */
export function addressesOf(prefix: string): {
  nodes: Record<NodeName, string>;
  registry: string;
  host: string;
} {
  const at = (last: number): string => `${prefix}.${last}`;
  // The zeros' and the controller's numbers are the ClusterHAT's own; the other three are free there.
  return {
    nodes: {
      ctrl: at(254),
      zero1: at(1),
      zero2: at(2),
      zero3: at(3),
      zero4: at(4),
      spare: at(5),
    },
    registry: at(252),
    host: at(253),
  };
}

/** The private ranges to try, the HAT's first; others if the machine already uses it. */
export const PREFIXES = [
  '172.19.181',
  '172.19.182',
  '172.19.183',
  '192.168.181',
  '172.27.181',
  '192.168.217',
] as const;

/** The port of the lab's registry. */
export const REGISTRY_PORT = 5000;
