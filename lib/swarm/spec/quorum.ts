import { counted, inSentence } from '../words';

/** The managers of a swarm, and how many of them it can lose. */
export interface Quorum {
  managers: number;
  reachable: number;
  /** The majority that has to be reachable. */
  needed: number;
  /** How many of the reachable ones may fail before the swarm cannot be changed any more. */
  tolerated: number;
}

/** What a change of role leaves. */
export interface RolePreview {
  before: Quorum;
  after: Quorum;
  /** What it leaves, or why it would be refused. */
  summary: string;
  /** The same with the warnings. */
  text: string;
  /** What a person should know before, a sentence each. */
  warnings: string[];
  /** Why swarm would refuse it; null where it would not. */
  refused: string | null;
}

/** What is needed of a node to count managers. */
export interface CountedNode {
  ID: string;
  Spec: { Role: 'manager' | 'worker' };
  ManagerStatus?: { Reachability: string; Leader: boolean } | null | undefined;
  Status: { State: string };
}

const isReachable = ({ ManagerStatus, Status }: CountedNode) =>
  ManagerStatus ? ManagerStatus.Reachability === 'reachable' : Status.State === 'ready';

/** A node that was promoted while it was down takes part in nothing before it is up (swarmkit manager/role_manager.go). */
const isMember = ({ Spec, ManagerStatus, Status }: CountedNode) =>
  Spec.Role === 'manager' && (Boolean(ManagerStatus) || Status.State === 'ready');

export function quorumOf(nodes: readonly CountedNode[]): Quorum {
  const managers = nodes.filter(isMember);
  const reachable = managers.filter(isReachable).length;
  const needed = Math.floor(managers.length / 2) + 1;
  return {
    managers: managers.length,
    reachable,
    needed,
    tolerated: Math.max(0, reachable - needed),
  };
}

/** `docker node promote` or `demote` of a node. `engineNode`: the one through whose engine the dashboard reads the swarm. */
export function rolePreview(
  nodes: readonly CountedNode[],
  names: ReadonlyMap<string, string>,
  nodeId: string,
  role: 'manager' | 'worker',
  engineNode: string | null = null,
): RolePreview {
  const before = quorumOf(nodes);
  const after = quorumOf(
    nodes.map((node) => {
      if (node.ID !== nodeId) return node;
      if (node.Spec.Role === role) return node;
      const { ManagerStatus: _, ...rest } = node;
      // As it will be once it is up.
      const Status = role === 'manager' ? { State: 'ready' } : node.Status;
      return { ...rest, Status, Spec: { ...node.Spec, Role: role } };
    }),
  );
  const name = inSentence(names.get(nodeId) ?? nodeId.slice(0, 12));
  const refused = refusal(before, after, name);
  const node = nodes.find(({ ID }) => ID === nodeId);
  const changes = node !== undefined && node.Spec.Role !== role;
  const warnings =
    refused === null && changes && role === 'worker'
      ? demotionWarnings(node, name, engineNode)
      : [];
  const later =
    changes && role === 'manager' && node.Status.State !== 'ready'
      ? `${name} is ${node.Status.State}: it becomes a manager when it is ready again. Then: `
      : '';
  const summary = refused ?? `${later}${inWords(after)}${advice(after)}`;
  const text = [summary, ...warnings].join(' ');
  return { before, after, refused, warnings, summary, text };
}

function demotionWarnings(
  { ID, ManagerStatus }: CountedNode,
  name: string,
  engineNode: string | null,
) {
  return [
    ...(ManagerStatus?.Leader ? ['Another manager becomes the leader.'] : []),
    ...(ID === engineNode
      ? [
          `This dashboard reads the swarm through ${name}. A worker cannot answer it, so the page stops until ${name} is promoted again on another manager.`,
        ]
      : []),
  ];
}

function refusal(before: Quorum, after: Quorum, name: string): string | null {
  if (after.managers === 0) return `${name} is the last manager: promote another node first.`;
  // swarmkit manager/role_manager.go demotes only where a majority stays.
  if (after.managers < before.managers && after.reachable < after.needed) {
    return `Without ${name} too few managers are reachable: ${after.reachable} of ${after.managers}, and ${after.needed} are needed.`;
  }
  return null;
}

function inWords({ managers, reachable, needed, tolerated }: Quorum): string {
  const all = counted(managers, 'manager');
  if (reachable < needed) {
    return `${all}, of which ${reachable} can be reached: ${needed} are needed for any change.`;
  }
  if (managers === 1)
    return '1 manager: while it is down nothing can be changed; tasks keep running.';
  const down = managers - reachable;
  const now = down > 0 ? ` (${down} cannot be reached now)` : '';
  return tolerated === 0
    ? `${all}${now}: if one fails, nothing can be changed until it is back; tasks keep running.`
    : `${all}${now}: ${tolerated} may fail, and the swarm can still be changed.`;
}

/** An even number tolerates no more losses than one manager fewer, and two fewer than one. */
function advice({ managers }: Quorum): string {
  if (managers === 0 || managers % 2 === 1) return '';
  return managers === 2
    ? ' Two are no safer than one: an odd number is better.'
    : ` ${managers - 1} managers would survive as many failures: an odd number is better.`;
}
