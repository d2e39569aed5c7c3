import { readFileSync } from 'node:fs';

/** Ends the process with a sentence when this Node.js is older than package.json's `engines` allows. */
export function refuseOldNode() {
  const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const least = engines.node.replace('>=', '');
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  console.error(`clusterhat: needs Node.js ${least} or newer, this is ${process.version}.`);
  process.exit(2);
}
