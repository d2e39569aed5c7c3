/** An IP address as 128 bits: IPv4 as `::ffff:a.b.c.d`, as Go's `net.IP` compares them. */
export interface IpAddress {
  bits: bigint;
  v4: boolean;
}

const V4_PREFIX = 0xffffn << 32n;

/** Parses an address as Go's `net.ParseIP`; null for anything else. */
export function parseIp(text: string): IpAddress | null {
  const v4 = parseV4(text);
  if (v4 !== null) return { bits: V4_PREFIX | v4, v4: true };
  const bits = parseV6(text);
  return bits === null ? null : { bits, v4: bits >> 32n === 0xffffn };
}

function parseV4(text: string): bigint | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1);
  // Go rejects leading zeros, which other programs read as octal.
  if (!parts || parts.some((part) => Number(part) > 255 || /^0\d/.test(part))) return null;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function parseV6(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((half, at) => groups(half, at === halves.length - 1));
  if (!head || tail === null) return null;
  const missing = 8 - head.length - (tail?.length ?? 0);
  // `::` stands for one group or more.
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...head, ...Array.from({ length: missing }, () => 0n), ...(tail ?? [])];
  return all.reduce((bits, group) => (bits << 16n) | group, 0n);
}

/** The 16-bit groups of one side of `::`; only the last group of an address may be IPv4. */
function groups(half: string, last: boolean): bigint[] | null {
  if (half === '') return [];
  const parts = half.split(':');
  const result: bigint[] = [];
  for (const [at, part] of parts.entries()) {
    const v4 = last && at === parts.length - 1 ? parseV4(part) : null;
    if (v4 !== null) result.push(v4 >> 16n, v4 & 0xffffn);
    else if (/^[\da-f]{1,4}$/i.test(part)) result.push(BigInt(`0x${part}`));
    else return null;
  }
  return result;
}

/** Whether a network such as `10.0.0.0/8` contains the address; null when it is no network. */
export function networkContains(network: string, address: IpAddress | null): boolean | null {
  const [, base = '', length = ''] = /^(.+)\/(\d{1,3})$/.exec(network) ?? [];
  const start = parseIp(base);
  // `::ffff:10.0.0.0/104` counts its bits from the front of all 128.
  const written4 = parseV4(base) !== null;
  const size = Number(length);
  if (!start || length === '' || size > (written4 ? 32 : 128)) return null;
  if (!address || address.v4 !== start.v4) return false;
  const shift = BigInt((written4 ? 32 : 128) - size);
  return address.bits >> shift === start.bits >> shift;
}
