import type { SwarmView } from '../swarm/view';

const NODE_NAMES = Symbol.for('clusterhat.node-names');
const scope = globalThis as { [NODE_NAMES]?: ReadonlySet<string> };

/**
 * Publishes the node names that server/admission/host.ts, another bundle of this process, accepts as `Host`. Of
 * a worker's name only the part before the first dot counts: a rogue worker could take the name of a site and
 * so let that site's pages read the swarm.
 */
export function publishNodeNames({ nodes, refused }: Pick<SwarmView, 'nodes' | 'refused'>): void {
  // Nodes that are not listed keep the names that were published before.
  if (refused.reads.includes('NODES') && scope[NODE_NAMES]) return;
  const names = nodes.flatMap(({ hostname, role }) => {
    const [first = hostname] = hostname.split('.');
    if (first === '') return [];
    return role === 'manager' ? [hostname, first] : [first];
  });
  scope[NODE_NAMES] = new Set(names.map((name) => name.toLowerCase()));
}

/** The names published last; empty before the first view. */
export function publishedNodeNames(): ReadonlySet<string> {
  return scope[NODE_NAMES] ?? new Set();
}
