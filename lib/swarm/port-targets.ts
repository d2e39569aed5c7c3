import { chosenPorts } from './chosen-ports';
import type { NodeView, PortTarget, ServiceView, TaskView } from './view';

/** The TCP ports of a service that the curl panel offers; none unless the service allows the panel. */
export function portTargets(
  service: Pick<ServiceView, 'id' | 'name' | 'ports' | 'curl'>,
  tasks: readonly TaskView[],
  nodes: readonly Pick<NodeView, 'id' | 'address'>[],
): PortTarget[] {
  if (!service.curl) return [];
  return service.ports.flatMap(({ published, target, protocol, mode }) => {
    if (protocol !== 'tcp' || (published === null && mode !== 'host')) return [];
    const portsAt = ({ id }: Pick<NodeView, 'id'>) => {
      if (published === null) return chosenPorts(tasks, service, target, id);
      const isThere = tasks.some(
        (task) => task.serviceId === service.id && task.nodeId === id && task.phase === 'running',
      );
      return isThere ? [published] : [];
    };
    const hosts = nodes.flatMap((node) => {
      const { address } = node;
      const ports = address === null ? [] : portsAt(node);
      const host = address?.includes(':') ? `[${address}]` : address;
      return ports.length > 0 ? [[node.id, ports.map((port) => `${host}:${port}`)] as const] : [];
    });
    return [
      {
        key: `${service.name}:${published ?? `${target}/host`}`,
        port: published ?? 0,
        targetPort: target,
        hosts: mode === 'host' ? Object.fromEntries(hosts) : null,
      },
    ];
  });
}
