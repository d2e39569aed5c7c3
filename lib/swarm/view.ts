import * as z from 'zod/mini';
import { CHANGES, READ_SWITCHES } from './refusals';
import { TASK_PHASES } from './task-phase';
import { TASK_STATES } from './task-state';

/**
 * `SwarmView`: the swarm as a browser shows it. Flat lists of small entities with ids, so that a
 * later view can be sent as a patch. Times are milliseconds since the
 * epoch by the dashboard's clock, sizes are bytes, ids are Docker's full ids unless said otherwise.
 */

const taskState = z.catch(z.enum([...TASK_STATES, 'unknown']), 'unknown');

/** One node as the board and the tables show it. */
export const nodeViewSchema = z.object({
  id: z.string(),
  /** What no other node is called: the hostname; of several nodes with one hostname, that and the port, address or id. */
  name: z.string(),
  /** Docker's own name of it, as in its tables; empty until the node has reported in. */
  hostname: z.string(),
  /** Index of its place on the HAT: 0 is the controller's, 1 is port P1 …; null for a node beyond the HAT. */
  place: z.nullable(z.number()),
  role: z.enum(['manager', 'worker']),
  leader: z.boolean(),
  /** Managers only: `reachable`, `unreachable` or `unknown`. */
  reachability: z.nullable(z.string()),
  availability: z.enum(['active', 'pause', 'drain', 'unknown']),
  /** Docker's node state; `disconnected` comes before `down`. */
  state: z.catch(z.enum(['ready', 'down', 'disconnected', 'unknown']), 'unknown'),
  /**
   * Since when it is in that state at least, by the dashboard's clock: when that was first seen;
   * of a state that was there at the first look, when the engine last changed the node.
   */
  stateSince: z.number(),
  /** The engine's own words on the state, such as `heartbeat failure`; often empty. */
  message: z.string(),
  /** A sentence on its clock; null unless that is known to be wrong. */
  clock: z.nullable(z.string()),
  /** Numeric address at which the node can be dialled; null when the engine reports none. */
  address: z.nullable(z.string()),
  /** Further addresses that the engine reports for it, tried when the first cannot be reached. */
  otherAddresses: z.array(z.string()),
  arch: z.string(),
  os: z.string(),
  /** Whole or part CPUs (NanoCPUs / 1e9). */
  cpus: z.number(),
  memoryBytes: z.number(),
  engineVersion: z.string(),
  /** The node whose engine we talk to: `*` in `docker node ls`. */
  here: z.boolean(),
  /** Rises with each change of the node by the engine, also of what the view leaves out, such as labels. */
  version: z.number(),
  /** False where the list of nodes is refused: known only by its tasks, so only id and name mean something. */
  listed: z.boolean(),
  /** What its card shows in place of tasks. */
  idle: z.string(),
  /** Services that swarm places elsewhere because they failed here; `text` follows the time `until`. */
  avoided: z.array(z.object({ service: z.string(), text: z.string(), until: z.number() })),
});
export type NodeView = z.infer<typeof nodeViewSchema>;
/** An availability that a node can be given. */
export type Availability = Exclude<NodeView['availability'], 'unknown'>;

/** A node that has left the swarm, by its last known name. */
export const goneNodeSchema = z.object({ id: z.string(), name: z.string() });
export type GoneNode = z.infer<typeof goneNodeSchema>;

/** One published (or only exposed) port of a service. */
export const portViewSchema = z.object({
  published: z.nullable(z.number()),
  target: z.number(),
  protocol: z.string(),
  /** `ingress` is the routing mesh: every node answers. `host`: only the task's own node. */
  mode: z.enum(['ingress', 'host']),
});
export type PortView = z.infer<typeof portViewSchema>;

/** A port in host mode of one task, on that task's node. */
const hostPortSchema = z.object({
  published: z.number(),
  target: z.number(),
  protocol: z.string(),
});
export type HostPort = z.infer<typeof hostPortSchema>;

/** A published TCP port to which the curl panel may send requests. */
const portTargetSchema = z.object({
  /** `goweb:8888`; `goweb:8080/host` for the ports that the engine chooses for 8080 of each task. */
  key: z.string(),
  /** The published port; 0 when the engine chooses it. */
  port: z.number(),
  targetPort: z.number(),
  /** Host mode: where it is published now, by node id: `10.0.0.1:32768`. Null: at every node. */
  hosts: z.nullable(z.record(z.string(), z.array(z.string()))),
});
export type PortTarget = z.infer<typeof portTargetSchema>;

/** A service's progress towards the desired state, by the rule of docker's own client. */
export const convergenceSchema = z.object({
  /** Tasks that count as running and are up to date; null while unknown. */
  running: z.nullable(z.number()),
  total: z.nullable(z.number()),
  /** `converging`: still moving. `verifying`: all run, the monitor window holds. `paused`: an update stopped by failures. `unknown`: a list is refused. */
  phase: z.enum(['converging', 'verifying', 'converged', 'paused', 'unknown']),
  /** Docker's phrase: `overall progress: 2 out of 3 tasks`. */
  phrase: z.string(),
  /** Docker's second line: `rollback: manually requested rollback`, `verify: Waiting 5 seconds to verify that tasks are stable...`, `verify: Service goweb converged`, `verify: Detected task failure`, `service update paused: …`; null while there is none. */
  verify: z.nullable(z.string()),
  /** What docker's client prints after it: `rollback: rollback completed`. */
  last: z.optional(z.string()),
});
export type Convergence = z.infer<typeof convergenceSchema>;

/** What a person can do about a hint (hints/actions.ts, `HintAction`). */
export const hintActionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('change-service'),
    label: z.string(),
    patch: z.record(z.string(), z.unknown()),
  }),
  z.object({
    kind: z.literal('change-node'),
    label: z.string(),
    node: z.string(),
    patch: z.record(z.string(), z.unknown()),
  }),
  z.object({ kind: z.literal('edit-service'), label: z.string(), field: z.string() }),
  z.object({ kind: z.literal('show-logs'), label: z.string() }),
  z.object({ kind: z.literal('roll-back'), label: z.string() }),
  z.object({ kind: z.literal('restart'), label: z.string() }),
  z.object({ kind: z.literal('resume'), label: z.string() }),
]);

/** What happened to an update, with what to do about it. */
const updateNoteSchema = z.object({
  tone: z.enum(['ok', 'warn', 'bad']),
  /** One sentence: the words before the time, the time (null: none) and the words after it. */
  before: z.string(),
  at: z.nullable(z.number()),
  after: z.string(),
  /** Why the update failed; null when nothing failed, or it is not known. */
  failure: z.nullable(
    z.object({
      /** `goweb.2 on zero1 failed` */
      text: z.string(),
      /** That task's own error, in full; empty when there is none. */
      error: z.string(),
      hint: z.nullable(z.string()),
      help: z.nullable(z.string()),
      /** All tasks that failed, when they are several: a sentence. */
      all: z.nullable(z.string()),
    }),
  ),
  /** What one can do, each with its command, and as data for a button. */
  actions: z.array(
    z.object({
      label: z.string(),
      command: z.string(),
      /** Missing in a history that an earlier version recorded. */
      action: z.optional(hintActionSchema),
    }),
  ),
});

/** An update or rollback that the engine reports. */
const updateSchema = z.object({
  /** Docker's: `updating`, `paused`, `completed`, `rollback_started`, `rollback_paused`, `rollback_completed`. */
  state: z.string(),
  /** Docker's message, with the name and node of a task for its id. */
  message: z.string(),
  /** True for a rollback that swarm started by itself, because tasks failed. */
  automatic: z.optional(z.boolean()),
  /** When the update began that this is about, by the engine's own clock (ms): tells one rollback from the next. */
  startedAt: z.optional(z.number()),
  note: z.nullable(updateNoteSchema),
});

/** One service as the panel and the tables show it. */
export const serviceViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  mode: z.enum(['replicated', 'global', 'replicated-job', 'global-job', 'unknown']),
  /** Desired replicas; null where the mode has no number (global), or the engine reports none. */
  replicas: z.nullable(z.number()),
  /** False where the list of services is refused: known only by its tasks. */
  listed: z.boolean(),
  /** Tasks in phase `running`; null while the list of tasks is refused. */
  running: z.nullable(z.number()),
  /** What `running` is measured against: replicas; for global, the nodes that should run one; for a job, the tasks that may run at a time. Null while unknown. */
  wanted: z.nullable(z.number()),
  /** Jobs only: how many tasks have completed, of how many. */
  job: z.nullable(z.object({ completed: z.number(), total: z.number() })),
  /** Image without its digest. */
  image: z.string(),
  ports: z.array(portViewSchema),
  /** What the curl panel may send requests to; empty unless `curl`. */
  targets: z.array(portTargetSchema),
  /** Image and ports in one line: `carmeloc/goweb:1.0 · *:8888→8080/tcp`. */
  summary: z.string(),
  maxPerNode: z.nullable(z.number()),
  /** The hostname that its containers are given, a template or not; null for docker's own, the container's id. */
  hostname: z.nullable(z.string()),
  /** The service the dashboard was made to show (`ECHO_SERVICE`). */
  echo: z.boolean(),
  /** Whether the curl panel may dial its ports: the echo service, or label `clusterhat.curl=true`. */
  curl: z.boolean(),
  /** The update or rollback that the engine reports; null if it reports none. */
  update: z.nullable(updateSchema),
  convergence: convergenceSchema,
  /** What its tasks' badges have while another service is curled: its initial, with a number where services share it. */
  mark: z.string(),
  /** Whether its tasks are in several slots (or on several nodes), so that badges have their number too. */
  numbered: z.boolean(),
  /** Which nodes stay empty because the image is not made for them, and the row of /help; null when none does. */
  platformLimit: z.nullable(z.object({ text: z.string(), help: z.string() })),
  /** Which nodes have none of its tasks though they could, a sentence: a restart spreads them. The default is for a history of an earlier version. */
  uneven: z._default(z.nullable(z.string()), null),
  /** Rises with each change of the service by the engine, also of what the view leaves out, such as labels. 0 in a history of an earlier version. */
  version: z._default(z.number(), 0),
  /** Whether the engine keeps what it was before its last change, so that it can be rolled back. */
  hasPrevious: z._default(z.boolean(), false),
});
export type ServiceView = z.infer<typeof serviceViewSchema>;

/** One task: one slot's try at running, past or present. */
export const taskViewSchema = z.object({
  id: z.string(),
  serviceId: z.string(),
  /** `goweb.1`, or `goweb.NODEID` for a global service and for slot 0. */
  name: z.string(),
  /** From 1, of a replicated job from 0; null for tasks of global services and global jobs. */
  slot: z.nullable(z.number()),
  /** Null while no node has been found for it. */
  nodeId: z.nullable(z.string()),
  /** What `state`, `desired` and its node's state mean together. */
  phase: z.enum(TASK_PHASES),
  /** The engine's two states, for docker's own tables and words. */
  desired: taskState,
  state: taskState,
  /** When `state` was reached, as well as the clocks tell (`engine-times.ts`). */
  stateAt: z.number(),
  createdAt: z.number(),
  /** When it came to its node, or was first seen there; null before, and when it had ended by then. */
  seenAt: z.nullable(z.number()),
  /** When it was first seen running; null before. Of one that already ran at the first look, since when as reported. */
  ranAt: z.nullable(z.number()),
  /**
   * The next attempt of the same slot, as first seen; null while there is none. Swarm forgets the
   * tasks of a slot that is scaled away but keeps older failed ones, so the id may be of a task that
   * is not listed any more.
   */
  nextTaskId: z.nullable(z.string()),
  /** The engine's own error, in full; empty when there is none. */
  error: z.string(),
  /** The same in plain words with what to do; null when we have nothing to add. */
  hint: z.nullable(z.string()),
  /** The row of /help that has more on the hint; null without one. */
  help: z.nullable(z.string()),
  /** What can be done about it from here, the best first. The default is for a history of an earlier version. */
  actions: z._default(z.array(hintActionSchema), []),
  exitCode: z.nullable(z.number()),
  /** First 12 characters of the container's id: what `docker ps` and the echo service print. */
  container: z.nullable(z.string()),
  /** Its ports in host mode as the engine reports them; those that it chose, too. Empty once it has ended. */
  hostPorts: z.array(hostPortSchema),
  image: z.string(),
  /** Follows the service's present spec: no update will replace it. By the engine's own answer. */
  upToDate: z.boolean(),
});
export type TaskView = z.infer<typeof taskViewSchema>;

/** The engine that answers us. What it may not report is empty. */
export const engineViewSchema = z.object({
  nodeId: z.string(),
  /** Its node's name, or what the engine calls itself. */
  name: z.string(),
  version: z.string(),
  apiVersion: z.string(),
  /** The three in one line. */
  label: z.string(),
  /** True for the embedded demo swarm. */
  demo: z.boolean(),
});

/** One number of the header. */
export const countSchema = z.object({
  /** `off`: there is nothing to count, `0/0`. */
  tone: z.nullable(z.enum(['ok', 'warn', 'bad', 'off'])),
  /** `4/5` */
  value: z.string(),
  /** `nodes ready` */
  label: z.string(),
});
export type Count = z.infer<typeof countSchema>;

/** Which calls a proxy in front of the engine refuses. */
export const refusedSchema = z.object({
  /** What cannot be read, by the proxy's switches: `NODES`. */
  reads: z.array(z.enum(READ_SWITCHES)),
  /** Why a change was refused when it was last tried, by the change: a sentence. */
  changes: z.partialRecord(z.enum(CHANGES), z.string()),
});

/** What a notice is about. */
const NOTICE_KINDS = [
  /** An entity, or a part of one, that the engine reports in a way that cannot be shown. */
  'left-out',
  /** Calls that a proxy in front of the engine refuses. */
  'refused',
  /** The engine itself, where swarms do not work as usual. */
  'engine',
  /** Nodes that match no place of the HAT. */
  'places',
] as const;

/** One sentence on the board about what the page cannot show, with what to do. */
export const noticeSchema = z.object({
  /** Stable while its cause lasts: its kind, with what it is about where there can be several: `left-out:service:ID`. */
  id: z.string(),
  kind: z.enum(NOTICE_KINDS),
  /** What is wrong, one sentence. Text between backticks is code. */
  text: z.string(),
  /** What to do about it, one sentence; null when there is nothing to do. */
  next: z.nullable(z.string()),
  /** A shell command to copy, made with `shell`; null without one. */
  command: z.nullable(z.string()),
});
export type Notice = z.infer<typeof noticeSchema>;

/** The whole swarm. */
export const swarmViewSchema = z.object({
  engine: engineViewSchema,
  /**
   * Names of the HAT's places in order: the controller, then ports P1 …: of the node there, or of the one that is missing.
   * Empty where no node matches a place.
   */
  hat: z.array(z.string()),
  /** HAT places first in their order, then by natural order of the name. */
  nodes: z.array(nodeViewSchema),
  /** Nodes that left within the last day, or on which listed tasks are. */
  goneNodes: z.array(goneNodeSchema),
  /** By natural order of the name, the echo service first. */
  services: z.array(serviceViewSchema),
  /** By service, slot (or node), newest first; those of removed services last. */
  tasks: z.array(taskViewSchema),
  /** The numbers of the header. */
  counts: z.array(countSchema),
  refused: refusedSchema,
  /** What the page cannot show, most important first. */
  notices: z.array(noticeSchema),
});
export type SwarmView = z.infer<typeof swarmViewSchema>;
