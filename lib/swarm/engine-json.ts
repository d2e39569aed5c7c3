import * as z from 'zod/mini';
import { LEAVE_OUT, readEntity, type Fallbacks } from './read-entity';
import { isRecord, type RawSpec } from './spec/raw-spec';
import { idAtHead, MAX_ID, type ListReading, type ListSchema } from './read-list';
import { TASK_STATES } from './task-state';

/**
 * The parts of the Engine API's JSON that are read, parsed on arrival. Only the fields
 * that something uses: other versions of the engine may add more. Which fields can be
 * absent is measured (engine 20.10 to 29) and follows `omitempty` in moby's api/types/swarm.
 *
 * The schemas are strict about what is read. A field that does not fit rejects no entity: `readEntity` leaves it out
 * and names it. A field that is required here needs a value for that case in the fallbacks below; lists and maps are
 * `many` and `textByName`, which stop at the first few entries that do not fit.
 */

/** An entity's version; 0, which Go omits, where it could not be read. */
const version = z.object({ Index: z.number().check(z.minimum(0)) });
/** A number of things. */
const count = z.int().check(z.minimum(0));
const id = z.string().check(z.minLength(1), z.maxLength(MAX_ID));
/** The id of another entity, or none. */
const reference = z.optional(z.nullable(z.string().check(z.maxLength(MAX_ID))));
const serviceReference = z.pipe(
  reference,
  z.transform((value) => value ?? ''),
);
/** `Date.parse` reads other texts too: `-1` as a day in 2001. */
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;
/** RFC 3339 with nanoseconds, as Go writes it; read as milliseconds since the epoch, 0 for Go's zero time or none. */
const time = z.pipe(
  z.optional(z.nullable(z.string())),
  z.transform((text) => {
    const ms = text && RFC_3339.test(text) ? Date.parse(text) : 0;
    return ms > 0 ? ms : 0;
  }),
);
const state = z.catch(z.enum([...TASK_STATES, 'unknown']), 'unknown');
const cut = (most: number) =>
  z.pipe(
    z.optional(z.nullable(z.string())),
    z.transform((value) => {
      if (!value) return '';
      return value.length > most ? `${value.slice(0, most - 1)}…` : value;
    }),
  );
/** Longer than any error of an engine. */
const text = cut(4000);
/** A host name has at most 64 characters, a service's name 63. */
const name = cut(255);

/** Maximum of odd entries named per list or map; with more, all of it is left out. */
const MAX_ODD_ENTRIES = 20;

/**
 * A list. `z.array` would report every invalid entry, at a hundred times the size of the list. `whole`: one invalid
 * entry invalidates the list.
 */
function many<T>(item: z.ZodMiniType<T>, { whole = false } = {}): z.ZodMiniType<T[]> {
  return z.pipe(
    z.array(z.unknown()),
    z.transform((values, context) => {
      const read: T[] = [];
      let odd = 0;
      for (const [index, value] of values.entries()) {
        const parsed = item.safeParse(value);
        if (parsed.success) {
          read.push(parsed.data);
          continue;
        }
        if (whole || ++odd > MAX_ODD_ENTRIES) {
          context.issues.splice(0);
          context.issues.push({ code: 'custom', input: values, path: [] });
          break;
        }
        for (const { path } of parsed.error.issues) {
          context.issues.push({ code: 'custom', input: value, path: [index, ...path] });
        }
      }
      return read;
    }),
  );
}

/** Labels: text by name. */
const textByName = z.pipe(
  z.optional(z.nullable(z.record(z.string(), z.unknown()))),
  z.transform((values, context) => {
    const read: Record<string, string> = {};
    let odd = 0;
    for (const [key, value] of Object.entries(values ?? {})) {
      if (typeof value === 'string') {
        read[key] = value;
        continue;
      }
      if (++odd > MAX_ODD_ENTRIES) {
        context.issues.splice(0);
        context.issues.push({ code: 'custom', input: values, path: [] });
        break;
      }
      context.issues.push({ code: 'custom', input: value, path: [key] });
    }
    return read;
  }),
);

/** A fact that only explains something: what does not fit is left out, and is not named as odd. */
const fact = <T extends z.ZodMiniType>(schema: T) =>
  z.catch(z.optional(z.nullable(schema)), undefined);
const named = z.object({ Name: name });

/** `gpu=2`, or one entry for each named one (`gpu=UUID`). */
const genericResources = fact(
  many(
    z.object({
      DiscreteResourceSpec: fact(z.object({ Kind: name, Value: count })),
      NamedResourceSpec: fact(z.object({ Kind: name })),
    }),
  ),
);

/** An entry of `GET /nodes`. */
export const nodeSchema = z.object({
  ID: id,
  Version: version,
  CreatedAt: time,
  UpdatedAt: time,
  Spec: z.object({
    Labels: textByName,
    Role: z.enum(['manager', 'worker']),
    Availability: z.enum(['active', 'pause', 'drain', 'unknown']),
  }),
  /** Absent until the node has reported in for the first time. */
  Description: z.optional(
    z.nullable(
      z.object({
        Hostname: name,
        Platform: z.optional(z.nullable(z.object({ Architecture: name, OS: name }))),
        Resources: z.optional(
          z.nullable(
            z.object({
              NanoCPUs: z._default(count, 0),
              MemoryBytes: z._default(count, 0),
              GenericResources: genericResources,
            }),
          ),
        ),
        Engine: z.optional(
          z.nullable(
            z.object({
              EngineVersion: name,
              Labels: fact(textByName),
              Plugins: fact(many(z.object({ Type: name, Name: name }))),
            }),
          ),
        ),
      }),
    ),
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

/** How nodes are read. A node with a manager's status counts as a manager even if its role cannot be read. */
export const nodeReading: ListReading<EngineNode> = {
  entity: nodeSchema,
  fallbacks: {
    Version: { Index: 0 },
    Spec: { Role: 'worker', Availability: 'unknown' },
    'Spec.Role': 'worker',
    'Spec.Availability': 'unknown',
    Status: {},
  },
  nameIn: (json) => (json as { Description?: { Hostname?: unknown } }).Description?.Hostname,
};

const portNumber = z.int().check(z.minimum(1), z.maximum(65_535));
const port = z.object({
  Protocol: z._default(z.string().check(z.maxLength(16)), 'tcp'),
  TargetPort: portNumber,
  /** 0 where swarm has not chosen one. */
  PublishedPort: z.optional(z.int().check(z.minimum(0), z.maximum(65_535))),
  PublishMode: z._default(z.enum(['ingress', 'host']), 'ingress'),
});

const present = z.optional(z.nullable(z.looseObject({})));

/** A job's spec changes count its iterations; the first one, 0, is `{}`. */
const jobIteration = z.optional(z.nullable(z.object({ Index: z._default(count, 0) })));

/** What a task is made from. */
const taskSpec = z.object({
  ContainerSpec: z.optional(
    z.nullable(
      z.object({
        Image: text,
        Hostname: z.optional(z.nullable(z.string().check(z.maxLength(255)))),
        Mounts: fact(
          many(
            z.object({ Type: name, VolumeOptions: fact(z.object({ DriverConfig: fact(named) })) }),
          ),
        ),
      }),
    ),
  ),
  Resources: fact(
    z.object({
      Reservations: fact(
        z.object({
          NanoCPUs: fact(count),
          MemoryBytes: fact(count),
          GenericResources: genericResources,
        }),
      ),
      Limits: fact(z.object({ NanoCPUs: fact(count), MemoryBytes: fact(count) })),
    }),
  ),
  LogDriver: fact(named),
  Placement: z.optional(
    z.nullable(
      z.object({
        MaxReplicas: z.optional(z.nullable(count)),
        Constraints: z.optional(z.nullable(many(z.string()))),
        Preferences: fact(many(z.object({ Spread: fact(z.object({ SpreadDescriptor: name })) }))),
        /** Without one of them the image would seem to be made for fewer nodes. */
        Platforms: z.optional(
          z.nullable(
            many(
              z.object({
                Architecture: z.optional(z.string()),
                OS: z.optional(z.string()),
              }),
              { whole: true },
            ),
          ),
        ),
      }),
    ),
  ),
});

/** An entry of `GET /services`. */
const service = z.object({
  ID: id,
  Version: version,
  CreatedAt: time,
  UpdatedAt: time,
  Spec: z.object({
    Name: name,
    Labels: textByName,
    TaskTemplate: taskSpec,
    Mode: z.object({
      /** The engine always has a number of replicas; a default would become the base of the next scale. */
      Replicated: z.optional(
        z.nullable(z.object({ Replicas: z.union([count, z.literal('unknown')]) })),
      ),
      Global: present,
      ReplicatedJob: z.optional(
        z.nullable(
          z.object({
            MaxConcurrent: z.optional(count),
            TotalCompletions: z.optional(count),
          }),
        ),
      ),
      GlobalJob: present,
    }),
    /** `Monitor` is nanoseconds: how long tasks are watched before an update counts as done. */
    UpdateConfig: z.optional(
      z.nullable(
        z.object({
          Monitor: z.optional(count),
          Parallelism: fact(count),
          Order: fact(name),
          FailureAction: fact(name),
          MaxFailureRatio: fact(z.number()),
        }),
      ),
    ),
  }),
  /** What a rollback would restore; only its presence and replica count matter to us. */
  PreviousSpec: z.optional(z.nullable(z.looseObject({}))),
  /** Jobs only. */
  JobStatus: z.optional(z.nullable(z.object({ JobIteration: jobIteration }))),
  Endpoint: z.optional(z.nullable(z.object({ Ports: z.optional(z.nullable(many(port))) }))),
  UpdateStatus: z.optional(
    z.nullable(z.object({ State: text, Message: text, StartedAt: time, CompletedAt: time })),
  ),
});
/** An entry of `GET /services`; one without a name is called by its id. */
export const serviceSchema = z.pipe(
  service,
  z.transform((read) => {
    read.Spec.Name ||= read.ID.slice(0, 12);
    return read;
  }),
);
/** A service of the engine. */
export type EngineService = z.infer<typeof serviceSchema>;

/** Stands for a constraint that cannot be read: whether a node satisfies it is unknown. */
export const UNREADABLE_CONSTRAINT = '';

/** How services are read. */
export const serviceReading: ListReading<EngineService> = {
  entity: serviceSchema,
  fallbacks: {
    Version: { Index: 0 },
    Spec: { TaskTemplate: {}, Mode: {} },
    'Spec.TaskTemplate': {},
    'Spec.TaskTemplate.Placement.Constraints.*': UNREADABLE_CONSTRAINT,
    'Spec.Mode': {},
    'Spec.Mode.Replicated.Replicas': 'unknown',
    'Endpoint.Ports.*.Protocol': LEAVE_OUT,
    'Endpoint.Ports.*.PublishedPort': LEAVE_OUT,
    'Endpoint.Ports.*.PublishMode': LEAVE_OUT,
  },
  nameIn: (json) => (json as { Spec?: { Name?: unknown } }).Spec?.Name,
};

interface RawAttachment {
  Network?: { DriverState?: { Name?: unknown } | null } | null;
}

/** Without a schema, which would take half as long again for a list of tasks: only tasks that wait need it. */
function networkDrivers(attachments: unknown): string[] {
  if (!Array.isArray(attachments)) return NO_DRIVERS;
  const names = attachments.flatMap((one: RawAttachment | null) => {
    const driver = one?.Network?.DriverState?.Name;
    return typeof driver === 'string' && driver !== '' ? [driver.slice(0, 255)] : [];
  });
  return names.length === 0 ? NO_DRIVERS : names;
}
const NO_DRIVERS: string[] = [];

/** An entry of `GET /tasks`. */
export const taskSchema = z.object({
  ID: id,
  Version: version,
  CreatedAt: time,
  UpdatedAt: time,
  /** Empty for the tasks of attachable networks. */
  ServiceID: serviceReference,
  Slot: z.optional(z.nullable(count)),
  NodeID: reference,
  Spec: taskSpec,
  Status: z.object({
    Timestamp: time,
    State: state,
    Message: text,
    Err: text,
    ContainerStatus: z.optional(
      z.nullable(
        z.object({
          ContainerID: z.optional(z.nullable(z.string())),
          ExitCode: z.optional(z.nullable(z.int())),
        }),
      ),
    ),
    /** Ports in host mode, while the container runs: those that the engine chose, too. */
    PortStatus: z.optional(z.nullable(z.object({ Ports: z.optional(z.nullable(many(port))) }))),
  }),
  DesiredState: state,
  /** The drivers of its networks. */
  NetworksAttachments: z.optional(z.pipe(z.unknown(), z.transform(networkDrivers))),
  /** Jobs only: the iteration that the task belongs to. */
  JobIteration: jobIteration,
});
/** A task of the engine. */
export type EngineTask = z.infer<typeof taskSchema>;

/** How tasks are read. Without the id of its node or service a task would be shown in a wrong place. */
export const taskReading: ListReading<EngineTask> = {
  entity: taskSchema,
  fallbacks: {
    Version: { Index: 0 },
    ServiceID: LEAVE_OUT,
    NodeID: LEAVE_OUT,
    Spec: {},
    'Spec.Placement.Constraints.*': UNREADABLE_CONSTRAINT,
    Status: {},
  },
  nameIn: () => null,
};

/** `GET /info`: which engine answers, and whether it is a manager. */
export const infoSchema = z.object({
  Name: text,
  ServerVersion: text,
  /** `Docker Desktop` is a name of its own. */
  OperatingSystem: text,
  OSType: text,
  InitBinary: text,
  /** `name=rootless` */
  SecurityOptions: z.pipe(
    z.optional(z.nullable(many(z.string()))),
    z.transform((value) => value ?? []),
  ),
  /** Podman only. */
  BuildahVersion: text,
  Labels: z.pipe(
    z.optional(z.nullable(many(z.string()))),
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
      z.optional(z.nullable(many(z.object({ NodeID: text, Addr: text })))),
      z.transform((value) => value ?? []),
    ),
    Error: text,
  }),
});
/** The engine itself. */
export type EngineInfo = z.infer<typeof infoSchema>;

/** `GET /version` */
export const versionSchema = z
  .object({ Version: name, ApiVersion: name })
  .check(z.refine(({ Version, ApiVersion }) => Version !== '' || ApiVersion !== ''));
/** The engine's version. */
export type EngineVersion = z.infer<typeof versionSchema>;

/** A single answer, and what could not be read of it. */
export interface OneReading<T> {
  read: T;
  odd: readonly string[];
}

function one<T>(schema: z.ZodMiniType<T>, fallbacks: Fallbacks): z.ZodMiniType<OneReading<T>> {
  return z.pipe(
    z.unknown(),
    z.transform((json, context) => {
      const { entity, odd } = readEntity(schema, json, fallbacks);
      if (entity !== null) return { read: entity, odd };
      context.issues.push({ code: 'custom', input: json, path: [] });
      return z.NEVER;
    }),
  );
}

/** `GET /info`: what is no part of a swarm is left out if it does not fit. */
export const infoReading = one(infoSchema, {
  // Calls to an engine that is no manager return that; a default would claim it.
  'Swarm.ControlAvailable': true,
});
/** `GET /version` */
export const versionReading = one(versionSchema, {});

/** The parts of a whole service, node or task that are relied on. */
const inspected = z.looseObject({
  ID: id,
  Version: version,
  Spec: z.looseObject({}),
});

/** `GET /services/{id}`, `GET /nodes/{id}` or `GET /tasks/{id}`, complete and unchanged, so that its spec can be written back. */
export interface Inspected {
  ID: string;
  Version: { Index: number };
  Spec: RawSpec;
  /** Services only: what a rollback restores. */
  PreviousSpec: RawSpec | null;
  /** Everything, the parts above included. */
  json: RawSpec;
}

/** Reads an inspected service, node or task. zod copies what it reads and leaves out some names, so the original is kept. */
export const inspectedReading: z.ZodMiniType<Inspected> = z.pipe(
  z.unknown(),
  z.transform((json, context) => {
    const parsed = inspected.safeParse(json);
    if (!parsed.success) {
      for (const { path } of parsed.error.issues) {
        context.issues.push({ code: 'custom', input: json, path });
      }
      return z.NEVER;
    }
    const whole = json as RawSpec & Pick<Inspected, 'Spec'>;
    const { ID, Version } = parsed.data;
    const previous = whole['PreviousSpec'];
    const PreviousSpec = isRecord(previous) ? previous : null;
    return { ID, Version, Spec: whole.Spec, PreviousSpec, json: whole };
  }),
);

/** `POST /services/create` and `POST /services/{id}/update`: docker's client prints the warnings. */
export const createdSchema = z.object({ ID: id, Warnings: fact(many(text)) });
export const updatedSchema = z.nullable(z.object({ Warnings: fact(many(text)) }));

/** `GET /distribution/{image}/json`: its platforms are written in lower case. */
export const distributionSchema = z.object({
  Descriptor: z.object({
    digest: z.string().check(z.regex(/^[a-z0-9+._-]+:[0-9a-fA-F]{32,128}$/)),
  }),
  Platforms: fact(many(z.object({ architecture: text, os: text, variant: text }))),
});

/** `GET /networks/{id}` */
export const networkSchema = z.object({ Name: z.string().check(z.minLength(1), z.maxLength(255)) });

/** `GET /swarm`: the tokens are secrets, and are sent only on explicit request. */
export const joinTokensSchema = z.object({
  JoinTokens: z.object({ Worker: z.string(), Manager: z._default(z.string(), '') }),
});

/** The ids of `GET /tasks`; null if one of its entries has none, or it is no list. */
export const taskIds: ListSchema<string[] | null> = {
  start() {
    const ids: string[] = [];
    let complete = true;
    return {
      add(task) {
        const { data } = idSchema.safeParse(task);
        if (data) ids.push(data.ID);
        else complete = false;
        return null;
      },
      skip(head) {
        const skipped = idAtHead(head);
        if (skipped === null) complete = false;
        else ids.push(skipped);
        return null;
      },
      result: () => (complete ? ids : null),
    };
  },
  whole: z.pipe(
    z.unknown(),
    z.transform((json): string[] | null => (json === null ? [] : null)),
  ),
};
const idSchema = z.object({ ID: id });

/** One line of `GET /events`: a reason to poll at once, and when something happened. */
export const eventSchema = z.object({
  Type: z.string(),
  Action: z.string(),
  scope: z.optional(z.string()),
  Actor: z.catch(
    z.object({
      ID: z.catch(z.string(), ''),
      Attributes: z.catch(z.record(z.string(), z.string()), {}),
    }),
    { ID: '', Attributes: {} },
  ),
  /** Nanoseconds since the epoch, by the manager's clock; 0: not reported. */
  timeNano: z.catch(z.number(), 0),
});
/** One event. */
export type EngineEvent = z.infer<typeof eventSchema>;

/** An engine's error body. */
export const errorSchema = z.object({ message: z.string() });
