import type { NodeView, ServiceView, SwarmView } from './view';

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

/** Minimum length of an id's prefix. */
const MIN_PREFIX = 4;

/**
 * Finds a node by its id, its name on the page, its hostname or the start of its id. Hostnames need not be unique: a
 * Zero that was reinstalled joins under its old one, and its old entry stays in the list as down. So nodes that
 * are not down are preferred.
 */
export function findNode<Node extends Pick<NodeView, 'id' | 'name' | 'hostname' | 'state'>>(
  { nodes }: { readonly nodes: readonly Node[] },
  wanted: string,
): Node | 'ambiguous' | undefined {
  const [exact, ...others] =
    [nodes.filter(({ id }) => id === wanted), nodes.filter(({ name }) => name === wanted)].find(
      ({ length }) => length > 0,
    ) ?? [];
  if (exact && others.length === 0) return exact;
  const named = nodes.filter((node) => node.name === wanted || node.hostname === wanted);
  const alive = named.filter(({ state }) => state !== 'down');
  const [only, ...more] = alive.length > 0 ? alive : named;
  if (only) return more.length > 0 ? 'ambiguous' : only;
  const begun = nodes.filter(({ id }) => wanted.length >= MIN_PREFIX && id.startsWith(wanted));
  return begun.length > 1 ? 'ambiguous' : begun[0];
}
