import type { NodeView, ServiceView, SwarmView } from '../swarm/view';

/** Finds a service by id, else by name; service names are unique in a swarm. */
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
 * Finds a node by id, else by name. Names need not be unique: a Zero that was installed anew joins under its
 * old name, and its old entry stays in the list as down. So nodes that are not down are preferred.
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
