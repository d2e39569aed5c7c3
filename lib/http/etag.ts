import { createHash } from 'node:crypto';
import { withNumbers } from '../swarm/lossless-json';
import { nodeReading, type EngineNode, type Inspected } from '../swarm/engine-json';
import { readEntity } from '../swarm/read-entity';
import { rejection } from './problem';

/**
 * Identifies what a service or node should be like, and what a rollback would restore. A rolling update changes its
 * version, but not this.
 */
export function etagOf({ ID, Spec, PreviousSpec }: Inspected): string {
  return tagOf([ID, Spec, PreviousSpec]);
}

/**
 * The same for a node, of what the dashboard reads of its spec: its state and tasks do not change it. Null if the node
 * cannot be read.
 */
export function nodeEtagOf(node: Pick<EngineNode, 'ID' | 'Spec'> | null): string | null {
  if (!node) return null;
  const { Role, Availability, Labels } = node.Spec;
  const labels = Object.entries(Labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return tagOf([node.ID, Role, Availability, labels]);
}

/** The same of a node as the engine answers it. */
export function inspectedNodeEtag({ json }: Inspected): string | null {
  const { entity, fallbacks } = nodeReading;
  return nodeEtagOf(readEntity(entity, withNumbers(json), fallbacks).entity);
}

function tagOf(parts: readonly unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts));
  return `"${hash.digest('base64url').slice(0, 22)}"`;
}

/**
 * Throws if `If-Match` names another state than the present one, whose tag `present` returns (RFC 9110, 13.1.1). Without
 * the header all match.
 */
export function checkIfMatch(
  { headers }: Request,
  present: () => string | null,
  name: string,
): void {
  const wanted = headers.get('if-match');
  if (wanted === null || wanted.trim() === '*') return;
  // A proxy that compresses makes a tag weak.
  const tags = wanted.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  const tag = present();
  if (tag !== null && tags.includes(tag)) return;
  throw rejection({
    kind: 'changed-meanwhile',
    detail: `Nothing was changed: ${name} is no longer as it was when you looked.`,
    next: 'See how it is now, and try again.',
  });
}
