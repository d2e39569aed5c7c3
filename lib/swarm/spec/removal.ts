/**
 * Why swarm would refuse to remove a node, with the way out; null where it would not (swarmkit manager/controlapi/node.go,
 * `RemoveNode`): members of the managers' group, and without force nodes that are ready. `name`: for a sentence.
 */
export function removalRefused({
  role,
  isMember,
  state,
  name,
}: {
  role: string;
  /** Of the managers' group. One that was promoted while it was away is none yet, and cannot be demoted either. */
  isMember: boolean;
  state: string;
  name: string;
}): string | null {
  if (role === 'manager' && isMember) return `${name} is a manager: demote it first.`;
  if (state !== 'ready') return null;
  return `${name} is not down: drain it and stop its engine, or run \`docker swarm leave\` on it.`;
}
