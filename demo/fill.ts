import { filledNode, DEMO_HAT, nameOf } from './hat';
import { backdate, gowebSpec, runningTask } from './seed';
import type { NodeRecord, ServiceRecord } from './store';
import type { Swarm } from './swarm';

const NAMES = ['sensors', 'camera', 'mqtt', 'metrics', 'gateway', 'logs', 'cache', 'sorter'];

/** Label of the services that a fill creates, by which `unfill` finds them. */
const LABEL = 'clusterhat.demo.fill';

/**
 * Makes the swarm large at once: up to `nodes` nodes in all, and `tasks` running tasks of eight
 * services spread over them. The added nodes do not accept connections.
 */
export async function fill(swarm: Swarm, nodes: number, tasks: number): Promise<void> {
  const { store } = swarm;
  for (let n = store.nodes.size; n < nodes; n += 1) {
    const address = `10.19.${n >> 8}.${n & 255}`;
    const node = swarm.join(filledNode(n), address);
    backdate(swarm, node.api, 86_400_000);
  }
  const workers = [...store.nodes.values()].filter(
    (node) => nodes <= DEMO_HAT.length || isFilledNode(node),
  );
  const perService = Math.ceil(Math.max(0, tasks - store.tasks.size) / NAMES.length);
  let left = tasks - store.tasks.size;
  for (const name of NAMES) {
    const replicas = Math.min(perService, left);
    left -= replicas;
    if (replicas > 0) addService(swarm, name, replicas, workers);
  }
  // Builds the JSON now, so that the next list of tasks is not slow.
  await store.settled();
  for (const record of [...store.nodes.values(), ...store.allTasks()]) store.jsonOf(record);
}

/** Whether anything that `fill` created is still there. */
export function isFilled({ store }: Swarm): boolean {
  return (
    [...store.services.values()].some(isOfFill) || [...store.nodes.values()].some(isFilledNode)
  );
}

/** Removes everything that `fill` created. */
export async function unfill(swarm: Swarm): Promise<void> {
  const { store } = swarm;
  for (const service of store.services.values()) {
    if (!isOfFill(service)) continue;
    for (const task of store.tasksOfService(service.api.ID)) {
      const node = store.nodes.get(task.api.NodeID ?? '');
      if (node) swarm.agentOf(node)?.evict(task);
      store.remove(task);
    }
    store.remove(service);
  }
  for (const node of store.nodes.values()) if (isFilledNode(node)) swarm.removeNode(node, true);
  await store.settled();
}

function isOfFill({ api }: ServiceRecord): boolean {
  return api.Spec.Labels[LABEL] !== undefined;
}

function isFilledNode(node: NodeRecord): boolean {
  return nameOf(node).startsWith('node');
}

function addService(swarm: Swarm, name: string, replicas: number, nodes: readonly NodeRecord[]) {
  const base = gowebSpec(replicas);
  const taken = [...swarm.store.services.values()].some(({ api }) => api.Spec.Name === name);
  const service = swarm.createService({
    ...base,
    Name: taken ? `${name}-${swarm.random.hex(4)}` : name,
    Labels: { [LABEL]: 'true' },
    EndpointSpec: { Mode: 'vip' },
  });
  swarm.allocator.allocateService(service);
  for (let slot = 1; slot <= replicas; slot += 1) {
    const node = nodes[(slot + name.length * 7) % nodes.length];
    if (node) runningTask(swarm, service, node, { slot }, 3_600_000 + slot * 977);
  }
}
