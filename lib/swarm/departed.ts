import type { Snapshot } from './snapshot';
import type { GoneNode } from './view';
import { shortId } from './words';

/** Nodes that left are kept as long as the timeline's history (ms), and while a task refers to them. */
const KEPT_MS = 24 * 60 * 60_000;
/** Maximum of remembered nodes and of remembered services that no task refers to. */
const MOST = 100;

/** What is remembered of nodes and services that are not in the swarm any more. */
export interface DepartedMemory {
  /** By id. `leftAt`: when that was first seen, by the dashboard's clock. */
  nodes: ReadonlyMap<string, { node: GoneNode; leftAt: number }>;
  /** Names by id of all listed services, and of removed ones that still have tasks. */
  services: ReadonlyMap<string, string>;
  /** Ids that tasks refer to, and that the lists lacked for the first time in the last view. */
  unknown: ReadonlySet<string>;
}

export const NONE_DEPARTED: DepartedMemory = {
  nodes: new Map(),
  services: new Map(),
  unknown: new Set(),
};

/**
 * Finds the nodes and services that tasks refer to and that have left the swarm. An id that was never listed counts
 * only if it is missing twice in a row: tasks are read after nodes and services, so a new one can be missing once. `listed`: names
 * of the nodes of the last view by id; null for the first view.
 */
export function rememberDeparted(
  { nodes, services, tasks, odd }: Pick<Snapshot, 'nodes' | 'services' | 'tasks' | 'odd'>,
  before: DepartedMemory,
  listed: ReadonlyMap<string, { name: string }> | null,
  now: number,
): DepartedMemory {
  const unknown = new Set<string>();
  const isGone = (id: string) => {
    unknown.add(id);
    return listed === null || before.unknown.has(id);
  };

  // A node that cannot be read is still in the swarm.
  const presentNodes = new Set([...nodes.map(({ ID }) => ID), ...odd.nodes.leftOut]);
  const gone = new Map([...before.nodes].filter(([id]) => !presentNodes.has(id)));
  const usedNodes = new Set<string>();
  // Without any node the list itself is missing, as behind a proxy that refuses it.
  if (nodes.length > 0) {
    for (const [id, { name }] of listed ?? []) {
      if (!presentNodes.has(id)) gone.set(id, { node: { id, name }, leftAt: now });
    }
    for (const { NodeID: id } of tasks) {
      if (!id || presentNodes.has(id)) continue;
      usedNodes.add(id);
      if (!gone.has(id) && isGone(id)) {
        gone.set(id, { node: { id, name: shortId(id) }, leftAt: now });
      }
    }
  }
  const old = [...gone].filter(
    ([id, { leftAt }], index) =>
      !usedNodes.has(id) && (now - leftAt > KEPT_MS || index < gone.size - MOST),
  );
  for (const [id] of old) gone.delete(id);

  const names = new Map(services.map(({ ID, Spec }) => [ID, Spec.Name]));
  for (const { ServiceID: id } of tasks) {
    if (!id || names.has(id)) continue;
    const name = before.services.get(id);
    if (name !== undefined) names.set(id, name);
    else if (isGone(id)) names.set(id, shortId(id));
  }
  const lately = [...before.services].filter(([id]) => !names.has(id)).slice(-MOST);
  return { nodes: gone, services: new Map([...lately, ...names]), unknown };
}
