import { isIP, type BlockList } from 'node:net';
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

/** The address of a connection that has none, such as one that was just closed. */
const UNKNOWN = 'unknown';

/**
 * The address that limits count a request by: the connection's, or behind trusted proxies the last one in
 * `X-Forwarded-For` that is none of them. What a client itself puts into that header is further to the
 * front, so it has no effect. IPv6 addresses count by their /64, which is one household; on this machine's own
 * network each address counts separately.
 */
export function clientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | string[] | undefined,
  trusted: BlockList,
  isOwnNetwork = isOnOwnNetwork,
): string {
  let client = parseAddress(socketAddress ?? '');
  if (client === null) return UNKNOWN;
  const hops = [forwardedFor ?? []].flat().join(',').split(',');
  for (const hop of hops.toReversed()) {
    if (!isTrusted(client, trusted)) break;
    const next = parseAddress(hop);
    if (next === null) break;
    client = next;
  }
  if (isIP(client) !== 6) return client;
  const groups = groupsOf(client);
  const network = groups.slice(0, 4).join(':');
  return isLocal(groups) || isOwnNetwork(network) ? groups.join(':') : `${network}::/64`;
}

function isTrusted(address: string, trusted: BlockList): boolean {
  return trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** An address without brackets, port, quotes and zone; null when invalid. */
function parseAddress(text: string): string | null {
  const bare = text.trim().replace(/^"(.*)"$/, '$1');
  const [, bracketed] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(bare) ?? [];
  const address = (bracketed ?? bare.replace(/^([\d.]+):\d{1,5}$/, '$1')).replace(/%.*$/, '');
  if (isIP(address) === 0) return null;
  const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  return mapped ?? address;
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  return [...front, ...Array<string>(zeros).fill('0'), ...back];
}

/** Whether an address is of one link (fe80::/10), of a private network (fc00::/7) or loopback. */
function isLocal(groups: readonly string[]): boolean {
  return /^(fe[89ab]|f[cd])..$/.test(groups[0] ?? '') || groups.join('') === '00000001';
}

/** How long this machine's networks are cached (ms): a router can announce another one. */
const NETWORKS_MS = 60_000;
let own = { networks: new Set<string>(), at: Number.NEGATIVE_INFINITY };

/** Whether this machine has an address in a network of 64 bits, given as its four groups. */
function isOnOwnNetwork(network: string): boolean {
  const now = performance.now();
  if (now - own.at > NETWORKS_MS) own = { networks: ownNetworks(), at: now };
  return own.networks.has(network);
}

/** Empty when the system does not allow it (seccomp without AF_NETLINK). */
function ownNetworks(): Set<string> {
  let all: NetworkInterfaceInfo[];
  try {
    all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  } catch {
    return new Set();
  }
  const v6 = all.filter(({ family }) => family === 'IPv6');
  return new Set(v6.map(({ address }) => groupsOf(address).slice(0, 4).join(':')));
}
