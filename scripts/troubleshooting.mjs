// `npm run docs`: writes the troubleshooting table (lib/swarm/hints/troubleshooting.ts) into docs/install.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { register } from 'tsx/esm/api';

const FILE = new URL('../docs/install.md', import.meta.url);

register();
const { withTroubleshooting } = await import('../lib/swarm/hints/troubleshooting-markdown');
writeFileSync(FILE, withTroubleshooting(readFileSync(FILE, 'utf8')));
