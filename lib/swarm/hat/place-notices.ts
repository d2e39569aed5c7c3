import { PORT_LABEL, portName, type HatPlaces, type PlaceProblem } from './hat-places';
import { naturalOrder } from '../natural';
import { shell } from '../shell';
import { dockerNode } from './unique-names';
import type { NodeView, Notice } from '../view';
import { counted, inSentence, listed } from '../words';

/** Number of names in the offered setting: those of a ClusterHAT. */
const HAT_SIZE = 5;
/** A Pi Zero has 512 MB. */
const ZERO_BYTES = 600 * 2 ** 20;

/** What keeps nodes from their places on the HAT, with what to do. */
export function placeNotices(
  { places, names, problems }: HatPlaces,
  nodes: readonly NodeView[],
): Notice[] {
  const taken = new Set(places.values());
  const empty = names.findIndex((_name, place) => !taken.has(place));
  return problems.flatMap((problem) => noticeOf(problem, nodes, empty) ?? []);
}

/** `empty`: the first place without a node, -1 for none. */
function noticeOf(problem: PlaceProblem, nodes: readonly NodeView[], empty: number): Notice | null {
  const byId = (id: string) => nodes.find((node) => node.id === id);
  const nameOf = (id: string) => inSentence(byId(id)?.name ?? id);
  const labelCommand = (id: string, place: number) =>
    shell`docker node update --label-add ${PORT_LABEL}=${portName(place)} ${refOf(nodes, id)}`;
  switch (problem.kind) {
    case 'unmatched':
      return unmatched(problem.explicit, nodes);
    case 'label-twice': {
      const [first = '', ...others] = problem.nodes;
      const label = `${PORT_LABEL}=${portName(problem.place)}`;
      return {
        id: `places:${label}`,
        kind: 'places',
        text: `${counted(problem.nodes.length, 'node')} have the label \`${label}\`: ${nameOf(first)} is shown there, ${listed(others.map(nameOf))} not.`,
        next: `Remove the label where it is wrong:`,
        command: shell`docker node update --label-rm ${PORT_LABEL} ${refOf(nodes, others[0] ?? '')}`,
      };
    }
    case 'label-unknown':
      return {
        id: `places:label:${problem.node}`,
        kind: 'places',
        text: `The label \`${PORT_LABEL}=${inSentence(problem.label)}\` of ${nameOf(problem.node)} names no port.`,
        next: 'It can be `ctrl`, `P1`, `P2` and so on:',
        command: labelCommand(problem.node, Math.max(empty, 1)),
      };
    default: {
      const [first = ''] = problem.nodes;
      if (empty < 0) return null;
      return {
        id: `places:hostname:${problem.hostname}`,
        kind: 'places',
        text: `${counted(problem.count, 'node')} have the hostname ${inSentence(problem.hostname)}, so ${counted(problem.nodes.length, 'node', 'match')} no place of the ClusterHAT.`,
        next: `Label each node with its port, as here ${nameOf(first)}:`,
        command: labelCommand(first, empty),
      };
    }
  }
}

/** No node has a place: the setting with their hostnames, or the label where these do not tell them apart. */
function unmatched(explicit: boolean, nodes: readonly NodeView[]): Notice {
  const offered = hatOrder(nodes);
  const hostnames = offered.map(({ hostname }) => hostname);
  const areDistinct =
    hostnames.every((hostname) => /^[^\s,]+$/.test(hostname)) &&
    hostnames.every((hostname) => nodes.filter((node) => node.hostname === hostname).length === 1);
  const zero = offered[1] ?? offered[0];
  const label = shell`docker node update --label-add ${PORT_LABEL}=P1 ${refOf(nodes, zero?.id ?? '')}`;
  return {
    id: 'places',
    kind: 'places',
    text: explicit
      ? 'No node has a hostname of `CLUSTERHAT_NODES`, so none is shown in a place of the ClusterHAT.'
      : 'No node matches a place of the ClusterHAT by its label, hostname or address.',
    next: areDistinct
      ? `Start the dashboard with this setting: the controller, then ports P1, P2 … Or label each node: \`${label}\`.`
      : `Label each node with its port, the controller with \`ctrl\`, as here ${inSentence(zero?.name ?? '')}:`,
    command: areDistinct ? shell`CLUSTERHAT_NODES=${hostnames.join(',')}` : label,
  };
}

/** The nodes that are most likely on a HAT: the manager, then Zeros by name. */
function hatOrder(nodes: readonly NodeView[]): NodeView[] {
  const controller =
    nodes.find(({ here }) => here) ?? nodes.find(({ role }) => role === 'manager') ?? nodes[0];
  const likely = (node: NodeView) =>
    (node.state === 'down' ? 2 : 0) + (node.memoryBytes > ZERO_BYTES ? 1 : 0);
  const byName = (a: NodeView, b: NodeView) => naturalOrder(a.name, b.name);
  const zeros = nodes
    .filter((node) => node !== controller)
    .toSorted((a, b) => likely(a) - likely(b) || byName(a, b))
    .slice(0, HAT_SIZE - 1)
    .toSorted(byName);
  return controller ? [controller, ...zeros] : zeros;
}

function refOf(nodes: readonly NodeView[], id: string): string {
  const node = nodes.find((one) => one.id === id);
  return node ? dockerNode(nodes, node) : id;
}
