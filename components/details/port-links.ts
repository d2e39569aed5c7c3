import { openPorts } from '@/lib/swarm/open-url';
import type { NodeView, ServiceView, TaskView } from '@/lib/swarm/view';

/** A port through which a task is reached. */
export interface PortLink {
  /** `8888 → 8080/tcp` */
  readonly text: string;
  /** Who answers there. */
  readonly note: string;
  /** Null where a browser cannot open it. */
  readonly url: string | null;
}

/**
 * The published ports of a task, in ingress mode at any node, in host mode at the task's own while it runs. `hostname`: that
 * of the page, as the browser has it.
 */
export function portLinks(
  task: Pick<TaskView, 'nodeId' | 'phase' | 'hostPorts'>,
  service: Pick<ServiceView, 'ports'> | undefined,
  nodes: readonly NodeView[],
  hostname: string,
): PortLink[] {
  const ports = service?.ports ?? [];
  const link = (
    { published, target, protocol }: TaskView['hostPorts'][number],
    at: readonly NodeView[],
    who: string,
  ): PortLink => {
    const text = `${published} → ${target}/${protocol}`;
    const port = { published, target, protocol, mode: 'ingress' as const };
    const [open] = openPorts({ ports: [port], targets: [] }, at, hostname);
    const isNear =
      open?.url === null && at.some(({ state, address }) => state === 'ready' && address);
    const note = isNear ? `${who}, for the dashboard’s machine only` : who;
    return { text, note, url: open?.url ?? null };
  };
  const published = (mode: 'ingress' | 'host') =>
    ports.flatMap((port) =>
      port.mode === mode && port.published !== null ? { ...port, published: port.published } : [],
    );
  const ingress = published('ingress').map((port) => link(port, nodes, 'any task answers'));
  if (task.phase !== 'running') return ingress;
  const own = nodes.filter(({ id }) => id === task.nodeId);
  const fixed = published('host');
  const chosen = task.hostPorts.filter(
    (port) =>
      !fixed.some((one) => one.published === port.published && one.protocol === port.protocol),
  );
  return [...ingress, ...[...fixed, ...chosen].map((port) => link(port, own, 'this task answers'))];
}
