/** Why swarm would refuse to remove a node, with the way out; null where it would not. `name`: for a sentence. */
export function removalRefused({
  role,
  state,
  name,
}: {
  role: string;
  state: string;
  name: string;
}): string | null {
  if (role === 'manager') return `${name} is a manager: demote it first.`;
  if (state === 'down') return null;
  return `${name} is not down: drain it and stop its engine, or run \`docker swarm leave\` on it.`;
}
