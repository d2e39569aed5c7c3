import { z } from 'zod';

/** The fields of `GET /services` that the mesh uses. */
export const Services = z.array(
  z.object({
    ID: z.string(),
    Endpoint: z
      .object({
        Ports: z
          .array(
            z.object({
              Protocol: z.enum(['tcp', 'udp', 'sctp']),
              TargetPort: z.number(),
              PublishedPort: z.number().optional(),
              PublishMode: z.string().optional(),
            }),
          )
          .nullish(),
      })
      .optional(),
  }),
);

/** The fields of `GET /tasks` that the mesh uses. */
export const Tasks = z.array(
  z.object({
    ID: z.string(),
    ServiceID: z.string().optional(),
    NodeID: z.string().optional(),
    Slot: z.number().optional(),
    DesiredState: z.string(),
    Status: z.object({ State: z.string() }),
    NetworksAttachments: z
      .array(
        z.object({
          Network: z.object({ Spec: z.object({ Ingress: z.boolean().optional() }) }),
          Addresses: z.array(z.string()).nullish(),
        }),
      )
      .nullish(),
  }),
);

/** The fields of `GET /nodes` that the mesh uses. */
export const Nodes = z.array(
  z.object({ ID: z.string(), Description: z.object({ Hostname: z.string() }) }),
);

/** A published port and its backends. */
export interface MeshPort {
  protocol: 'tcp' | 'udp' | 'sctp';
  publishedPort: number;
  targetPort: number;
  /** Addresses in the ingress network, in slot order, the order of the round robin. */
  backends: string[];
}

/**
 * The ports that the routing mesh has to balance, and the running tasks behind each, without those on
 * `lostNodes`: the manager lists those as running for 15 s and more after the loss of their node.
 */
export function planMesh(
  services: z.infer<typeof Services>,
  tasks: z.infer<typeof Tasks>,
  lostNodes: ReadonlySet<string> = new Set(),
): MeshPort[] {
  const answering = tasks
    .filter((task) => task.Status.State === 'running' && task.DesiredState === 'running')
    .filter((task) => task.NodeID === undefined || !lostNodes.has(task.NodeID))
    .toSorted((a, b) => (a.Slot ?? 0) - (b.Slot ?? 0) || (a.ID < b.ID ? -1 : 1));
  return services.flatMap((service) => {
    const backends = answering
      .filter((task) => task.ServiceID === service.ID)
      .flatMap((task) => task.NetworksAttachments ?? [])
      .filter((attachment) => attachment.Network.Spec.Ingress === true)
      .flatMap((attachment) => attachment.Addresses?.[0]?.split('/')[0] ?? []);
    return (service.Endpoint?.Ports ?? []).flatMap((port) =>
      port.PublishMode === 'host' || port.PublishedPort === undefined
        ? []
        : {
            protocol: port.Protocol,
            publishedPort: port.PublishedPort,
            targetPort: port.TargetPort,
            backends,
          },
    );
  });
}

const TABLE = 'ip clusterhat_mesh';

/** Removes the lab's table if it exists; nft fails on deleting a missing table. */
export const CLEAR_TABLE = `table ${TABLE} {}\ndelete table ${TABLE}\n`;

/**
 * The table of a node's own namespace: it forwards published ports to the ingress sandbox at
 * `sandbox`, its address on docker_gwbridge.
 */
export function nodeTable(sandbox: string): string {
  const rule = `fib daddr type local meta l4proto . th dport @ports dnat to ${sandbox}`;
  return `${CLEAR_TABLE}table ${TABLE} {
  set ports { type inet_proto . inet_service; }
  chain pre { type nat hook prerouting priority dstnat; ${rule}; }
  chain out { type nat hook output priority -100; ${rule}; }
  chain post { type nat hook postrouting priority srcnat; oifname "docker_gwbridge" masquerade; }
}\n`;
}

/** The table of an ingress sandbox without ports: each port adds a chain that balances over its tasks. */
export const SANDBOX_TABLE = `${CLEAR_TABLE}table ${TABLE} {
  map ports { type inet_proto . inet_service : verdict; }
  chain pre { type nat hook prerouting priority dstnat; meta l4proto . th dport vmap @ports; }
  chain post { type nat hook postrouting priority srcnat; ct status dnat masquerade; }
}\n`;

/** A port's name in the tables and the text of its rule; an empty rule rejects connections, as IPVS does without a task. */
export function ruleOf(port: MeshPort): [key: string, rule: string] {
  const turn = port.backends.map((address, index) => `${index} : ${address}`).join(', ');
  return [
    `${port.protocol}_${port.publishedPort}`,
    port.backends.length === 0
      ? ''
      : `meta l4proto ${port.protocol} dnat to numgen inc mod ${port.backends.length} map { ${turn} } : ${port.targetPort}`,
  ];
}

/** The rules of a namespace, by port. */
export type Applied = ReadonlyMap<string, string>;

/** The nft commands that turn one state of a sandbox into the next; unchanged ports keep their position in the round robin. */
export function sandboxChanges(from: Applied, to: Applied): string {
  return changes(
    from,
    to,
    (key, rule, isNew) => [
      ...(isNew ? [`add chain ${TABLE} ${key}`] : [`flush chain ${TABLE} ${key}`]),
      ...(rule === '' ? [] : [`add rule ${TABLE} ${key} ${rule}`]),
      ...(isNew ? [`add element ${TABLE} ports { ${element(key)} : jump ${key} }`] : []),
    ],
    (key) => [
      `delete element ${TABLE} ports { ${element(key)} : jump ${key} }`,
      `flush chain ${TABLE} ${key}`,
      `delete chain ${TABLE} ${key}`,
    ],
  );
}

/** The table of a node's own namespace, which has only the published ports. */
export function nodeChanges(from: Applied, to: Applied): string {
  return changes(
    from,
    to,
    (key, _rule, isNew) => (isNew ? [`add element ${TABLE} ports { ${element(key)} }`] : []),
    (key) => [`delete element ${TABLE} ports { ${element(key)} }`],
  );
}

function element(key: string): string {
  return key.replace('_', ' . ');
}

function changes(
  from: Applied,
  to: Applied,
  set: (key: string, rule: string, isNew: boolean) => string[],
  remove: (key: string) => string[],
): string {
  const lines = [
    ...[...to].flatMap(([key, rule]) =>
      from.get(key) === rule ? [] : set(key, rule, !from.has(key)),
    ),
    ...[...from.keys()].flatMap((key) => (to.has(key) ? [] : remove(key))),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
