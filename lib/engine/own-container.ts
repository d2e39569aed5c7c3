import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Docker's files in a container (/etc/hostname, …) are mounted from a folder that is named by the container's id. */
const MOUNTED = /\/containers\/([0-9a-f]{64})\//;
/** Docker's own hostname: the first 12 characters of the id. */
const SHORT_ID = /^[0-9a-f]{12}$/;

/** The id of the container that this process runs in, or its first 12 characters; null if it runs in none, as far as is known. */
export function ownContainer({
  mounts = readMounts,
  host = hostname,
}: { mounts?: () => string; host?: () => string } = {}): string | null {
  const mounted = MOUNTED.exec(mounts())?.[1];
  if (mounted !== undefined) return mounted;
  const name = host();
  return SHORT_ID.test(name) ? name : null;
}

function readMounts(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}
