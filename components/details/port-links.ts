import { openPorts } from '@/lib/swarm/open-url';
import type { NodeView, ServiceView, SwarmView, TaskView } from '@/lib/swarm/view';

/** A port through which a task is reached. */
export interface PortLink {
  /** `8888 → 8080/tcp` */
  readonly text: string;
  /** Who answers there. */
  readonly note: string;
  /** Null where a browser cannot open it. */
  readonly url: string | null;
}

type Port = TaskView['hostPorts'][number];

/** A link to a port at the first of these nodes that the browser reaches. `hostname`: that of the page, as the browser has it. */
function portLink(
  { published, target, protocol }: Port,
  at: readonly NodeView[],
  who: string,
  hostname: string,
): PortLink {
  const text = `${published} → ${target}/${protocol}`;
  const port = { published, target, protocol, mode: 'ingress' as const };
  const [open] = openPorts({ ports: [port], targets: [] }, at, hostname);
  const isNear =
    open?.url === null && at.some(({ state, address }) => state === 'ready' && address);
  const note = isNear ? `${who}, for the dashboard’s machine only` : who;
  return { text, note, url: open?.url ?? null };
}

function published(service: Pick<ServiceView, 'ports'> | undefined, mode: 'ingress' | 'host') {
  return (service?.ports ?? []).flatMap((port) =>
    port.mode === mode && port.published !== null ? { ...port, published: port.published } : [],
  );
}

/** The ports in host mode at which a task answers while it runs: those of its service, and those that its engine chose. */
function ownPorts(
  { phase, hostPorts }: Pick<TaskView, 'phase' | 'hostPorts'>,
  service: Pick<ServiceView, 'ports'> | undefined,
): Port[] {
  if (phase !== 'running') return [];
  const fixed = published(service, 'host');
  const chosen = hostPorts.filter(
    (port) =>
      !fixed.some((one) => one.published === port.published && one.protocol === port.protocol),
  );
  return [...fixed, ...chosen];
}

/** The published ports of a task, in ingress mode at any node, in host mode at the task's own while it runs. */
export function portLinks(
  task: Pick<TaskView, 'nodeId' | 'phase' | 'hostPorts'>,
  service: Pick<ServiceView, 'ports'> | undefined,
  nodes: readonly NodeView[],
  hostname: string,
): PortLink[] {
  const own = nodes.filter(({ id }) => id === task.nodeId);
  return [
    ...published(service, 'ingress').map((port) =>
      portLink(port, nodes, 'any task answers', hostname),
    ),
    ...ownPorts(task, service).map((port) => portLink(port, own, 'this task answers', hostname)),
  ];
}

/** The published ports at which a node answers: those in ingress mode of all services, and those of its own tasks. */
export function nodePortLinks(
  node: NodeView,
  { services, tasks }: Pick<SwarmView, 'services' | 'tasks'>,
  hostname: string,
): PortLink[] {
  if (node.state !== 'ready') return [];
  return services.flatMap((service) => [
    ...published(service, 'ingress').map((port) =>
      portLink(port, [node], `any task of ${service.name}`, hostname),
    ),
    ...tasks
      .filter(({ serviceId, nodeId }) => serviceId === service.id && nodeId === node.id)
      .flatMap((task) =>
        ownPorts(task, service).map((port) => portLink(port, [node], task.name, hostname)),
      ),
  ]);
}
