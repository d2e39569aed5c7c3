import { useView } from '@/lib/client/hooks';
import type { ServiceView } from '@/lib/swarm/view';

/** A service by its id; its name is known for one that is gone, too, as far as it can be. */
export function useService(id: string): { name: string; service: ServiceView | undefined } {
  const service = useView()?.services.find((one) => one.id === id);
  return { name: service?.name ?? id.slice(0, 12), service };
}

/** A text that changes when a dry run about the tasks of a service can have another answer. */
export function useTasksVersion(serviceId: string): string {
  const view = useView();
  if (!view) return '';
  const tasks = view.tasks.filter((task) => task.serviceId === serviceId);
  return JSON.stringify([
    view.nodes.map(({ id, version, state }) => [id, version, state]),
    tasks.map(({ id, nodeId, desired, phase }) => [id, nodeId, desired, phase]),
  ]);
}
