import { BlockList, isIP } from 'node:net';

/**
 * Parses TRUSTED_PROXY: addresses and networks (`172.18.0.0/16`) of proxies whose `X-Forwarded-For` is
 * trusted, separated by commas. Throws an `Error` that names the one at fault.
 */
export function parseProxies(text: string): BlockList {
  const list = new BlockList();
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry !== '') add(list, entry);
  }
  return list;
}

function add(list: BlockList, entry: string): void {
  const [address = '', bits, ...more] = entry.split('/');
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  if (family === 0 || more.length > 0 || prefix < 0 || prefix > most) {
    throw new Error(
      `TRUSTED_PROXY: ${entry} is neither an address nor a network such as 172.18.0.0/16`,
    );
  }
  // Otherwise every client could choose the address that limits count it by.
  if (prefix === 0) throw new Error(`TRUSTED_PROXY: ${entry} is every address there is`);
  list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
}
