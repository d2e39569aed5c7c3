import type { NodeView, ServiceView, SwarmView } from '../swarm/view';

/** What a caller means by a name or an id. */

/** A service by id, else by name; swarm keeps service names unique. */
export function findService(
  view: Pick<SwarmView, 'services'>,
  wanted: string,
): ServiceView | undefined {
  return (
    view.services.find((service) => service.id === wanted) ??
    view.services.find((service) => service.name === wanted)
  );
}

/**
 * A node by id, else by name. Names need not be unique: a Zero that was set up anew has joined
 * under its old name, and its old self stays in the list, down. So the live ones go first.
 */
export function findNode(
  view: Pick<SwarmView, 'nodes'>,
  wanted: string,
): NodeView | 'ambiguous' | undefined {
  const byId = view.nodes.find((node) => node.id === wanted);
  if (byId) return byId;
  const named = view.nodes.filter((node) => node.name === wanted);
  const alive = named.filter((node) => node.state !== 'down');
  const candidates = alive.length > 0 ? alive : named;
  return candidates.length > 1 && alive.length > 0 ? 'ambiguous' : candidates[0];
}
