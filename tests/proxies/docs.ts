import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, '..', '..', 'docs', 'install.md');

/** Replacements of the addresses and files in a documented configuration. */
export interface DocumentedPlace {
  /** The port of loopback that the proxy listens on. */
  port: number;
  /** The dashboard's address: `127.0.0.1:3000`. */
  upstream: string;
  /** Files with the certificate and its key. */
  certificate?: { cert: string; key: string };
}

/**
 * The configuration that docs/install.md has under `<!-- proxy: NAME -->`, with other ports,
 * the dashboard's address and the certificate. Throws when there is none, or one that lacks those.
 */
export function documentedProxy(
  name: string,
  { port, upstream, certificate }: DocumentedPlace,
): string {
  const text = readFileSync(FILE, 'utf8');
  const block = new RegExp(`<!-- proxy: ${name} -->\\n\\n\`\`\`\\w+\\n(.*?)\`\`\``, 's').exec(
    text,
  )?.[1];
  if (block === undefined) throw new Error(`docs/install.md has no proxy ${name}`);
  const listens = /(?<=^ *listen )\d+(?=[ ;])|(?<=^swarm\.home)(?= \{)/m;
  if (!listens.test(block)) throw new Error(`${name} listens nowhere`);
  if (!block.includes('127.0.0.1:3000')) throw new Error(`${name} has no dashboard`);
  return block
    .replace(listens, block.startsWith('server') ? `127.0.0.1:${port}` : `:${port}`)
    .replaceAll('127.0.0.1:3000', upstream)
    .replace('/etc/ssl/swarm.home.pem', certificate?.cert ?? '')
    .replace('/etc/ssl/swarm.home.key', certificate?.key ?? '');
}
