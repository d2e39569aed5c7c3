import { useState } from 'react';
import { useView } from '@/lib/client/hooks';
import type { ServiceView } from '@/lib/swarm/view';

/** A service by its id. One that was removed meanwhile keeps its name. */
export function useService(id: string): { name: string; service: ServiceView | undefined } {
  const service = useView()?.services.find((one) => one.id === id);
  const [name, setName] = useState(service?.name ?? id.slice(0, 12));
  if (service && service.name !== name) setName(service.name);
  return { name, service };
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
