import { isIP, type BlockList } from 'node:net';

/** A connection's address where the system names none, as when it has just been closed. */
const UNKNOWN = 'unknown';

/**
 * The address that limits count a request by: the connection's, or behind trusted proxies the last one in
 * `X-Forwarded-For` that is none of them. What a client writes into that header itself stands further to
 * the front, so it chooses nothing by it. IPv6 addresses count by their network of 64 bits, which one
 * household has to itself.
 */
export function clientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | string[] | undefined,
  trusted: BlockList,
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
  return isIP(client) === 6 ? networkOf(client) : client;
}

function isTrusted(address: string, trusted: BlockList): boolean {
  return trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** An address without what may be around it: brackets, a port, quotes, a zone; null when it is none. */
function parseAddress(text: string): string | null {
  const bare = text.trim().replace(/^"(.*)"$/, '$1');
  const [, bracketed] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(bare) ?? [];
  const address = (bracketed ?? bare.replace(/^([\d.]+):\d{1,5}$/, '$1')).replace(/%.*$/, '');
  if (isIP(address) === 0) return null;
  const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  return mapped ?? address;
}

/** The first four groups of an IPv6 address, as `2001:db8:0:1::/64`. */
function networkOf(address: string): string {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...Array<string>(zeros).fill('0'), ...back];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
