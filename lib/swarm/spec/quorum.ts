import type { EngineNode } from '../engine-json';
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
  text: string;
  /** Why swarm would refuse it; null where it would not. */
  refused: string | null;
}

type Manager = Pick<EngineNode, 'ID' | 'Spec' | 'ManagerStatus' | 'Status'>;

const isReachable = ({ ManagerStatus, Status }: Manager) =>
  ManagerStatus ? ManagerStatus.Reachability === 'reachable' : Status.State === 'ready';

export function quorumOf(nodes: readonly Manager[]): Quorum {
  const managers = nodes.filter(({ Spec }) => Spec.Role === 'manager');
  const reachable = managers.filter(isReachable).length;
  const needed = Math.floor(managers.length / 2) + 1;
  return {
    managers: managers.length,
    reachable,
    needed,
    tolerated: Math.max(0, reachable - needed),
  };
}

/** `docker node promote` or `demote` of a node. */
export function rolePreview(
  nodes: readonly Manager[],
  names: ReadonlyMap<string, string>,
  nodeId: string,
  role: 'manager' | 'worker',
): RolePreview {
  const before = quorumOf(nodes);
  const after = quorumOf(
    nodes.map((node) => {
      if (node.ID !== nodeId) return node;
      const { ManagerStatus: _, ...rest } = node;
      const promoted = node.Spec.Role === role ? node : rest;
      return { ...promoted, Spec: { ...node.Spec, Role: role } };
    }),
  );
  const name = inSentence(names.get(nodeId) ?? nodeId.slice(0, 12));
  const refused = refusal(before, after, name);
  return { before, after, refused, text: refused ?? `${inWords(after)}${advice(after)}` };
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
  if (managers === 1) return '1 manager: without it nothing can be changed.';
  const down = managers - reachable;
  const now = down > 0 ? ` (${down} cannot be reached now)` : '';
  return tolerated === 0
    ? `${all}${now}: none of them may fail.`
    : `${all}${now}: ${tolerated} of them may fail.`;
}

/** An even number tolerates no more losses than one manager fewer, and two fewer than one. */
function advice({ managers }: Quorum): string {
  if (managers === 0 || managers % 2 === 1) return '';
  return ` An odd number is better: ${managers - 1} would tolerate as many losses.`;
}
