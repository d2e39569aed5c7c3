import { createHash } from 'node:crypto';
import type { Inspected } from '../swarm/engine-json';
import { rejection } from './problem';

/**
 * Identifies what a service or node should be like, and what a rollback would restore. A rolling update changes its
 * version, but not this.
 */
export function etagOf({ ID, Spec, PreviousSpec }: Inspected): string {
  const hash = createHash('sha256').update(JSON.stringify([ID, Spec, PreviousSpec]));
  return `"${hash.digest('base64url').slice(0, 22)}"`;
}

/** Throws if `If-Match` names another state than the present one (RFC 9110, 13.1.1). Without the header all match. */
export function checkIfMatch({ headers }: Request, now: Inspected, name: string): void {
  const wanted = headers.get('if-match');
  if (wanted === null || wanted.trim() === '*') return;
  // A proxy that compresses makes a tag weak.
  const tags = wanted.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (tags.includes(etagOf(now))) return;
  throw rejection({
    kind: 'changed-meanwhile',
    detail: `Nothing was changed: ${name} is no longer as it was when you looked.`,
    next: 'See how it is now, and try again.',
  });
}
