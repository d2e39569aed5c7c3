import * as z from 'zod/mini';
import { TASK_STATES } from './task-state';

/**
 * The parts of the Engine API's JSON that are read, parsed on arrival. Only the fields
 * that something uses: other versions of the engine may add more. Which fields can be
 * absent is measured (engine 20.10 to 29) and follows `omitempty` in moby's api/types/swarm.
 */

const version = z.object({ Index: z.number() });
/** RFC 3339 with nanoseconds, as Go writes it; read as milliseconds since the epoch, 0 for Go's zero time or none. */
const time = z.pipe(
  z.optional(z.nullable(z.string())),
  z.transform((text) => {
    const ms = text ? Date.parse(text) : 0;
    return ms > 0 ? ms : 0;
  }),
);
const state = z.catch(z.enum([...TASK_STATES, 'unknown']), 'unknown');
const text = z.pipe(
  z.optional(z.nullable(z.string())),
  z.transform((value) => value ?? ''),
);
const labels = z.pipe(
  z.optional(z.nullable(z.record(z.string(), z.string()))),
  z.transform((value) => value ?? {}),
);

/** An entry of `GET /nodes`. */
export const nodeSchema = z.object({
  ID: z.string(),
  Version: version,
  CreatedAt: time,
  UpdatedAt: time,
  Spec: z.object({
    Labels: labels,
    Role: z.catch(z.enum(['manager', 'worker']), 'worker'),
    Availability: z.catch(z.enum(['active', 'pause', 'drain']), 'active'),
  }),
  /** Absent until the node has reported in for the first time. */
  Description: z.optional(
    z.object({
      Hostname: text,
      Platform: z.optional(z.object({ Architecture: text, OS: text })),
      Resources: z.optional(
        z.object({ NanoCPUs: z._default(z.number(), 0), MemoryBytes: z._default(z.number(), 0) }),
      ),
      Engine: z.optional(z.object({ EngineVersion: text })),
    }),
  ),
  Status: z.object({
    State: z.catch(z.enum(['ready', 'down', 'disconnected', 'unknown']), 'unknown'),
    Message: text,
    Addr: text,
  }),
  ManagerStatus: z.optional(
    z.nullable(
      z.object({ Leader: z._default(z.boolean(), false), Reachability: text, Addr: text }),
    ),
  ),
});
/** A node of the engine. */
export type EngineNode = z.infer<typeof nodeSchema>;

const port = z.object({
  Protocol: z._default(z.string(), 'tcp'),
  TargetPort: z.number(),
  PublishedPort: z.optional(z.number()),
  PublishMode: z.catch(z.enum(['ingress', 'host']), 'ingress'),
});

const present = z.optional(z.nullable(z.looseObject({})));

/** A job's spec changes count its iterations; the first one, 0, is `{}`. */
const jobIteration = z.optional(z.nullable(z.object({ Index: z._default(z.number(), 0) })));

/** What a task is made from. */
const taskSpec = z.object({
  ContainerSpec: z.optional(
    z.nullable(z.object({ Image: text, Hostname: z.optional(z.string()) })),
  ),
  Placement: z.optional(
    z.nullable(
      z.object({
        MaxReplicas: z.optional(z.number()),
        Constraints: z.optional(z.nullable(z.array(z.string()))),
        Platforms: z.optional(
          z.nullable(
            z.array(
              z.object({
                Architecture: z.optional(z.string()),
                OS: z.optional(z.string()),
              }),
            ),
          ),
        ),
      }),
    ),
  ),
});

/** An entry of `GET /services`. */
export const serviceSchema = z.object({
  ID: z.string(),
  Version: version,
  CreatedAt: time,
  UpdatedAt: time,
  Spec: z.object({
    Name: z.string(),
    Labels: labels,
    TaskTemplate: taskSpec,
    Mode: z.object({
      Replicated: z.optional(z.nullable(z.object({ Replicas: z._default(z.number(), 1) }))),
      Global: present,
      ReplicatedJob: z.optional(
        z.nullable(
          z.object({
            MaxConcurrent: z.optional(z.number()),
            TotalCompletions: z.optional(z.number()),
          }),
        ),
      ),
      GlobalJob: present,
    }),
    /** `Monitor` is nanoseconds: how long tasks are watched before an update counts as done. */
    UpdateConfig: z.optional(z.nullable(z.object({ Monitor: z.optional(z.number()) }))),
  }),
  /** What a rollback would restore; only its presence and replica count matter to us. */
  PreviousSpec: z.optional(z.nullable(z.looseObject({}))),
  /** Jobs only. */
  JobStatus: z.optional(z.nullable(z.object({ JobIteration: jobIteration }))),
  Endpoint: z.optional(z.nullable(z.object({ Ports: z.optional(z.nullable(z.array(port))) }))),
  UpdateStatus: z.optional(
    z.nullable(z.object({ State: text, Message: text, StartedAt: time, CompletedAt: time })),
  ),
});
/** A service of the engine. */
export type EngineService = z.infer<typeof serviceSchema>;

/** An entry of `GET /tasks`. */
export const taskSchema = z.object({
  ID: z.string(),
  Version: version,
  CreatedAt: time,
  UpdatedAt: time,
  ServiceID: text,
  Slot: z.optional(z.number()),
  NodeID: z.optional(z.string()),
  Spec: taskSpec,
  Status: z.object({
    Timestamp: time,
    State: state,
    Message: text,
    Err: text,
    ContainerStatus: z.optional(
      z.nullable(
        z.object({ ContainerID: z.optional(z.string()), ExitCode: z.optional(z.number()) }),
      ),
    ),
  }),
  DesiredState: state,
  /** Jobs only: the iteration that the task belongs to. */
  JobIteration: jobIteration,
});
/** A task of the engine. */
export type EngineTask = z.infer<typeof taskSchema>;

/** `GET /info`: which engine answers, and whether it is a manager. */
export const infoSchema = z.object({
  Name: text,
  ServerVersion: text,
  Labels: z.pipe(
    z.optional(z.nullable(z.array(z.string()))),
    z.transform((value) => value ?? []),
  ),
  /** The manager's own clock. */
  SystemTime: z.optional(time),
  Swarm: z.object({
    NodeID: text,
    NodeAddr: text,
    LocalNodeState: text,
    ControlAvailable: z._default(z.boolean(), false),
    /** The managers that this engine knows, itself among them; Go's `null` for none. */
    RemoteManagers: z.pipe(
      z.optional(z.nullable(z.array(z.object({ NodeID: text, Addr: text })))),
      z.transform((value) => value ?? []),
    ),
    Error: text,
  }),
});
/** The engine itself. */
export type EngineInfo = z.infer<typeof infoSchema>;

/** `GET /version` */
export const versionSchema = z.object({ Version: z.string(), ApiVersion: z.string() });
/** The engine's version. */
export type EngineVersion = z.infer<typeof versionSchema>;

/** One line of `GET /events`: used only to poll at once. */
export const eventSchema = z.object({
  Type: z.string(),
  Action: z.string(),
  scope: z.optional(z.string()),
});
/** One event. */
export type EngineEvent = z.infer<typeof eventSchema>;

/** An engine's error body. */
export const errorSchema = z.object({ message: z.string() });
