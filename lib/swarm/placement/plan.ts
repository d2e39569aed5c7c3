import type { EngineNode, EngineService, EngineTask } from '../engine-json';
import { groupBy } from '../group-by';
import type { Snapshot } from '../snapshot';
import { clusterOf, failuresOf, type Cluster, type NodeLoad } from './placement';

/** Filters applied within one answer: a plan looks at every node for every task. */
const MOST_LOOKS = 100_000;

/** The most tasks that one answer plans, for a swarm of so many nodes. */
export function mostPlanned(nodes: number): number {
  return Math.max(20, Math.floor(MOST_LOOKS / Math.max(1, nodes)));
}

/**
 * Where swarm would place tasks, one after the other. Where nodes are alike to swarm it takes any; here the first.
 * What its scheduler also counts, recent failures, is not counted here.
 */
export class PlacementPlan {
  readonly #loads: Map<string, NodeLoad>;
  readonly #tasks: Map<string, EngineTask[]>;
  readonly #services: ReadonlyMap<string, EngineService>;
  readonly #names: ReadonlyMap<string, string>;

  constructor(
    snapshot: Pick<Snapshot, 'nodes' | 'services' | 'tasks'>,
    names: ReadonlyMap<string, string>,
  ) {
    const { loads, services } = clusterOf(snapshot, names);
    this.#loads = new Map(loads.map((load) => [load.node.ID, load]));
    this.#tasks = groupBy(snapshot.tasks, ({ NodeID }) => NodeID ?? '');
    this.#services = services;
    this.#names = names;
  }

  /** The nodes with everything that is placed on them by now. */
  get cluster(): Cluster {
    return { loads: [...this.#loads.values()], services: this.#services };
  }

  /** Places a task that has no node; null where every node fails a filter. */
  place(task: EngineTask): NodeLoad | null {
    const { cluster } = this;
    const fit = cluster.loads.filter((load) => failuresOf(task, load, cluster).length === 0);
    const [best] = spread(task, fit, cluster.loads).toSorted(
      (a, b) => ofService(a, task) - ofService(b, task) || activeOn(a) - activeOn(b),
    );
    if (!best) return null;
    const placed: EngineTask = {
      ...task,
      NodeID: best.node.ID,
      DesiredState: 'running',
      Status: { ...task.Status, State: 'running', Err: '' },
    };
    this.#set(best.node.ID, [...(this.#tasks.get(best.node.ID) ?? []), placed]);
    return best;
  }

  /** Takes a task off its node. */
  remove({ ID, NodeID }: EngineTask): void {
    const nodeId = NodeID ?? '';
    this.#set(
      nodeId,
      (this.#tasks.get(nodeId) ?? []).filter((task) => task.ID !== ID),
    );
  }

  #set(nodeId: string, tasks: EngineTask[]): void {
    this.#tasks.set(nodeId, tasks);
    const before = this.#loads.get(nodeId);
    if (!before) return;
    const services = [...this.#services.values()];
    const [load] = clusterOf({ nodes: [before.node], services, tasks }, this.#names).loads;
    if (load) this.#loads.set(nodeId, { ...load, ref: before.ref });
  }
}

const ofService = ({ active }: NodeLoad, { ServiceID }: EngineTask) => active.get(ServiceID) ?? 0;
const activeOn = ({ active }: NodeLoad) => [...active.values()].reduce((sum, one) => sum + one, 0);

/** Placement preferences: at each level the branch with the fewest tasks of the service. */
function spread(
  task: EngineTask,
  fit: readonly NodeLoad[],
  all: readonly NodeLoad[],
): readonly NodeLoad[] {
  let branch = fit;
  let everyone = all;
  for (const { Spread } of task.Spec.Placement?.Preferences ?? []) {
    const descriptor = Spread?.SpreadDescriptor ?? '';
    const counts = [...groupBy(branch, ({ node }) => labelOf(node, descriptor)).keys()].map(
      (value) => {
        const those = everyone.filter(({ node }) => labelOf(node, descriptor) === value);
        return { value, those, tasks: those.reduce((sum, one) => sum + ofService(one, task), 0) };
      },
    );
    const [least] = counts.toSorted((a, b) => a.tasks - b.tasks);
    if (!least) return branch;
    branch = branch.filter(({ node }) => labelOf(node, descriptor) === least.value);
    everyone = least.those;
  }
  return branch;
}

function labelOf({ Spec, Description }: EngineNode, descriptor: string): string {
  const [, kind, name = ''] = /^(node|engine)\.labels\.(.+)$/s.exec(descriptor) ?? [];
  const labels = kind === 'engine' ? Description?.Engine?.Labels : Spec.Labels;
  return kind !== undefined && labels && Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
}
