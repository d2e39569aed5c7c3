import { isIPv4, isIPv6 } from 'node:net';
import { hostname } from 'node:os';
import type { Settings } from '@/lib/settings';

/** Name and port of a `Host` header or an origin. */
export interface HostPort {
  /** In lower case, without a dot at its end; an IPv6 address without brackets. */
  name: string;
  /** Null: the scheme's own. */
  port: number | null;
}

/** Longest name in DNS, with room for brackets and a port. */
const MAX_HOST = 262;
const HOST = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?)(?::(\d{1,5}))?$/;

/** Parses `name`, `name:port` or `[v6]:port`; null for all else, such as user names, spaces or commas. */
export function parseHost(text: string | undefined): HostPort | null {
  if (text === undefined || text.length > MAX_HOST) return null;
  const match = HOST.exec(text.toLowerCase());
  if (!match) return null;
  const [, v6, name = '', digits] = match;
  const port = digits === undefined ? null : Number(digits);
  if ((v6 !== undefined && !isIPv6(v6)) || (port !== null && port > 65_535)) return null;
  return { name: v6 ?? name, port };
}

/** A name that leads to this machine wherever it is looked up, or an address of its loopback. */
function isLoopback(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIPv4(name) && name.startsWith('127.');
}

const NODE_NAMES = Symbol.for('clusterhat.node-names');

/** The swarm's node names, which lib/live publishes: it belongs to another bundle of this process. */
function nodeNames(): ReadonlySet<string> | undefined {
  return (globalThis as { [NODE_NAMES]?: ReadonlySet<string> })[NODE_NAMES];
}

/**
 * Returns whether the dashboard answers under a name. Any other name may be one that somebody has just
 * pointed at this machine, so that their page is of the same origin as ours (DNS rebinding). What nobody
 * else can point here: addresses, names of this machine and of the swarm's nodes, and `.local`, which is
 * answered on the network itself. `listens`: what the server was told to listen on.
 */
export function createHostList(
  settings: Pick<Settings, 'hat' | 'origin'>,
  loopbackOnly: boolean,
  listens: string,
): (name: string) => boolean {
  if (loopbackOnly) return isLoopback;
  const own = [hostname(), listens, settings.origin?.host, ...settings.hat].map(
    (text) => parseHost(text)?.name,
  );
  const names = new Set(own.filter((name) => name !== undefined));
  return (name) =>
    isLoopback(name) ||
    isIPv4(name) ||
    isIPv6(name) ||
    name.endsWith('.local') ||
    names.has(name) ||
    nodeNames()?.has(name) === true;
}
