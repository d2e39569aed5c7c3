import { groupBy } from '../group-by';
import { portName } from './hat-places';
import type { NodeView } from '../view';
import { oneLine, shortId } from '../words';

/** What a node's name is made of. */
export type NamedNode = Pick<NodeView, 'id' | 'hostname' | 'state' | 'place' | 'address'>;

/** Longest hostname that the engine's nodes are read with (lib/swarm/engine-json.ts). */
const LONGEST_HOSTNAME = 255;

/**
 * By id, a name for each node that no other has. It is the hostname, also where only nodes that are down share it: they
 * are old entries of a machine that joined again. Else the hostname with what tells the nodes apart: the port, the
 * address, or the id.
 */
export function uniqueNodeNames(nodes: readonly NamedNode[]): Map<string, string> {
  const names = new Map<string, string>();
  // A worker reports its own hostname, which could reverse or hide what follows the name on the page.
  const byHostname = groupBy(nodes, ({ hostname }) => oneLine(hostname, LONGEST_HOSTNAME).trim());
  for (const [hostname, namesakes] of byHostname) {
    const plain = plainlyNamed(namesakes);
    const others = namesakes.filter((node) => node !== plain);
    if (plain) names.set(plain.id, hostname === '' ? shortId(plain.id) : hostname);
    const isAlone = (node: NamedNode, key: 'place' | 'address') =>
      node[key] !== null && namesakes.filter((other) => other[key] === node[key]).length === 1;
    for (const node of others) {
      const mark = isAlone(node, 'place')
        ? portName(node.place ?? 0)
        : isAlone(node, 'address')
          ? node.address
          : shortId(node.id);
      names.set(node.id, hostname === '' ? shortId(node.id) : `${hostname} (${mark})`);
    }
  }
  // Hostnames are reported by workers, so one can equal the name made for another node.
  const counts = new Map<string, number>();
  for (const name of names.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const [id, name] of names) {
    if ((counts.get(name) ?? 0) > 1 || names.has(name)) names.set(id, id);
  }
  return names;
}

/** The node that has the hostname for a name: the only one that is not down; of several that are, the one in a place. */
function plainlyNamed(namesakes: readonly NamedNode[]): NamedNode | undefined {
  const living = namesakes.filter(({ state }) => state !== 'down');
  const placed = namesakes.filter(({ place }) => place !== null);
  const [first, ...others] = [living, namesakes, placed].find(({ length }) => length === 1) ?? [];
  return living.length > 1 || others.length > 0 ? undefined : first;
}

/** What docker's commands call the node: the hostname, or the id where another entry has the same hostname. */
export function dockerNode(
  nodes: readonly Pick<NodeView, 'id' | 'hostname'>[],
  { id, hostname }: Pick<NodeView, 'id' | 'hostname'>,
): string {
  const isUnique = nodes.every((node) => node.id === id || node.hostname !== hostname);
  return hostname !== '' && isUnique ? hostname : id;
}
