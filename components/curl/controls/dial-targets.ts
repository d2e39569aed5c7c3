import { findNode } from '@/lib/swarm/find-entity';
import { ROTATE, type Run } from '@/lib/curl/run';
import type { NodeView, PortTarget, ServiceView } from '@/lib/swarm/view';
import type { RunSettings } from './run-settings';

/** A published port that the curl panel may send requests to. */
export interface DialTarget extends PortTarget {
  readonly service: ServiceView;
}

/** Returns the ports of all services that the curl panel may send requests to. */
export function dialTargets(services: readonly ServiceView[]): DialTarget[] {
  return services.flatMap((service) => service.targets.map((target) => ({ ...target, service })));
}

/** Returns where a target is dialled at a node: `10.0.0.1:8888`. */
export function hostsAt({ hosts, port }: DialTarget, { id, address }: NodeView): string[] {
  if (hosts) return hosts[id] ?? [];
  return [`${address?.includes(':') ? `[${address}]` : address}:${port}`];
}

/** Returns the nodes at which a target can be entered: in host mode those that run one of its tasks. */
export function fittingEntries(target: DialTarget | null, entries: NodeView[]): NodeView[] {
  const fitting = entries.filter(({ id }) => target?.hosts?.[id]);
  return fitting.length > 0 ? fitting : entries;
}

/** Returns the nodes that are ready and have an address. Drained nodes are part of the routing mesh too. */
export function entryNodes(nodes: readonly NodeView[]): NodeView[] {
  return nodes.filter((node) => node.state === 'ready' && node.address !== null);
}

/** Returns the selected target, or the first one (in a view that is the echo service) if it is gone. */
export function chooseTarget(
  targets: readonly DialTarget[],
  wanted: string | null,
): DialTarget | null {
  return targets.find((target) => target.key === wanted) ?? targets[0] ?? null;
}

/**
 * Returns what a link and the settings call a node: its name while that is its hostname, which a node that joins again
 * keeps, else its id.
 */
export function entryKey({ id, name, hostname }: NodeView): string {
  return name === hostname && name !== ROTATE && !/\s/.test(name) ? name : id;
}

/** Returns the selected entry node; null if it is gone, or if several nodes have that name. */
export function selectedEntry(nodes: readonly NodeView[], wanted: string | null): NodeView | null {
  const found = wanted === null ? null : findNode({ nodes }, wanted);
  return found === 'ambiguous' ? null : (found ?? null);
}

/** Returns the selected entry node, or the node whose engine the dashboard is connected to if it is gone. */
export function chooseEntry(
  nodes: readonly NodeView[],
  wanted: string | null,
  fitting = nodes,
): NodeView | null {
  return selectedEntry(nodes, wanted) ?? fitting.find((node) => node.here) ?? fitting[0] ?? null;
}

/** Returns one sentence for each selected target or entry node that is not available. `nodes`: all of the swarm. */
export function unavailableWords(
  { target, entryNode }: Pick<RunSettings, 'target' | 'entryNode'>,
  targets: readonly DialTarget[],
  entries: readonly NodeView[],
  nodes: readonly NodeView[] = entries,
): string[] {
  const words: string[] = [];
  const port = chooseTarget(targets, target);
  if (target !== null && port && port.key !== target) {
    words.push(`Port ${target} is not available; using ${port.key}`);
  }
  const entry = chooseEntry(entries, entryNode);
  if (entryNode !== null && entryNode !== ROTATE && entry && !selectedEntry(entries, entryNode)) {
    const name = selectedEntry(nodes, entryNode)?.name ?? entryNode;
    words.push(`Entry node ${name} is not available; using ${entry.name}`);
  }
  return words;
}

/** Returns where the requests of a run entered: `10.0.0.1:8888`. */
export function hostsOf({ entries }: Pick<Run, 'entries'>): string[] {
  return entries.map(({ url }) => new URL(url).host);
}
