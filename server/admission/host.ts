import type { IncomingHttpHeaders } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import { hostname } from 'node:os';
import { publishedNodeNames } from '@/lib/live/node-names';
import type { Settings } from '@/lib/settings';

/** Name and port of a `Host` header or an origin. */
export interface HostAndPort {
  /** In lower case, without a dot at its end; an IPv6 address without brackets. */
  name: string;
  /** Null: the scheme's own. */
  port: number | null;
}

/** Longest name in DNS, with room for brackets and a port. */
const MAX_HOST = 262;
const HOST = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?)(?::(\d{1,5}))?$/;

/** Parses `name`, `name:port` or `[v6]:port`; null for all else, such as user names, spaces or commas. */
export function parseHost(text: string | undefined): HostAndPort | null {
  if (text === undefined || text.length > MAX_HOST) return null;
  const match = HOST.exec(text.toLowerCase());
  if (!match) return null;
  const [, v6, name = '', digits] = match;
  const port = digits === undefined ? null : Number(digits);
  if ((v6 !== undefined && !isIPv6(v6)) || (port !== null && port > 65_535)) return null;
  return { name: v6 ?? name, port };
}

/**
 * The origin that a browser seems to have opened, for a line to copy; null without a valid `Host`. Whether
 * it was https is known only from a proxy's header.
 */
export function requestedOrigin(headers: IncomingHttpHeaders): string | null {
  if (parseHost(headers.host) === null) return null;
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return `${scheme}://${headers.host?.toLowerCase()}`;
}

/** Whether a name or address is loopback. */
export function isLoopback(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIPv4(name) && name.startsWith('127.');
}

/**
 * Returns whether the dashboard answers under a name. Any other name may belong to a site that has pointed
 * it at this machine, so that its pages have our origin (DNS rebinding). A site cannot do that with
 * addresses, the names of this machine and of the swarm's nodes, and `.local`, which is resolved by
 * multicast on the network. `listens`: the host that the server listens on.
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
    publishedNodeNames().has(name);
}
