import type { ServiceView, TaskView } from './view';

/**
 * The ports that the engine chose for a service's running tasks on a node (`--publish mode=host,target=8080`), one of
 * each task. While a task starts or stops, the engine reports none.
 */
export function chosenPorts(
  tasks: readonly TaskView[],
  service: Pick<ServiceView, 'id' | 'ports'>,
  targetPort: number,
  nodeId: string,
): number[] {
  const fixed = new Set(service.ports.map(({ published }) => published));
  return tasks.flatMap((task) => {
    if (task.serviceId !== service.id || task.nodeId !== nodeId || task.phase !== 'running')
      return [];
    const port = task.hostPorts.find(
      ({ published, target, protocol }) =>
        target === targetPort && protocol === 'tcp' && !fixed.has(published),
    );
    return port ? [port.published] : [];
  });
}
