import type { SwarmView } from '../swarm/view';

const NODE_NAMES = Symbol.for('clusterhat.node-names');
const scope = globalThis as { [NODE_NAMES]?: ReadonlySet<string> };

/**
 * Publishes the names under which the server in front (server/host.ts, another bundle of this process)
 * lets the dashboard answer. Of a name with dots only the first part counts unless the node is a manager:
 * a rogue worker could else name itself after a site, and let that site's pages read the swarm.
 */
export function publishNodeNames(nodes: SwarmView['nodes']): void {
  const names = nodes.flatMap(({ name, role }) => {
    const [first = name] = name.split('.');
    return role === 'manager' ? [name, first] : [first];
  });
  scope[NODE_NAMES] = new Set(names.map((name) => name.toLowerCase()));
}
