import * as z from 'zod/mini';
import { parseConstraints } from './constraints';
import { DemoEngineError, rpcProblem } from './errors';
import { isReference } from './images';
import { isJob } from './mode';
import type { Random } from './random';
import type { NodeSpec, Port, ServiceSpec, TaskSpec, UpdateConfig } from './types';

/** What clients may post. Unknown fields of the container's spec are kept and sent back. */

const nullish = <T extends z.core.$ZodType>(schema: T) => z.optional(z.nullable(schema));
const labels = nullish(z.record(z.string(), z.string()));
const whole = z.int();
const unsigned = z.int().check(z.minimum(0));

const resources = nullish(
  z.looseObject({ NanoCPUs: z.optional(whole), MemoryBytes: z.optional(whole) }),
);

const updateConfig = nullish(
  z.object({
    Parallelism: z._default(whole, 0),
    Delay: z.optional(whole),
    FailureAction: z.optional(z.string()),
    Monitor: z.optional(whole),
    MaxFailureRatio: z._default(z.number(), 0),
    Order: z.optional(z.string()),
  }),
);

const port = z.object({
  Name: z.optional(z.string()),
  Protocol: z._default(z.string(), 'tcp'),
  TargetPort: z._default(whole, 0),
  PublishedPort: z.optional(whole),
  PublishMode: z._default(z.string(), 'ingress'),
});

const taskTemplate = z.looseObject({
  ContainerSpec: nullish(
    z.looseObject({ Image: z._default(z.string(), ''), Args: nullish(z.array(z.string())) }),
  ),
  Resources: nullish(z.looseObject({ Limits: resources, Reservations: resources })),
  RestartPolicy: nullish(
    z.object({
      Condition: z.optional(z.string()),
      Delay: z.optional(whole),
      MaxAttempts: z.optional(whole),
      Window: z.optional(whole),
    }),
  ),
  Placement: nullish(
    z.object({
      Constraints: nullish(z.array(z.string())),
      Preferences: nullish(
        z.array(z.object({ Spread: z.optional(z.object({ SpreadDescriptor: z.string() })) })),
      ),
      MaxReplicas: z.optional(whole),
      Platforms: nullish(
        z.array(z.object({ Architecture: z.optional(z.string()), OS: z.optional(z.string()) })),
      ),
    }),
  ),
  Networks: nullish(z.array(z.looseObject({ Target: z.string() }))),
  LogDriver: nullish(z.looseObject({})),
  ForceUpdate: z._default(whole, 0),
  Runtime: z._default(z.string(), 'container'),
});

const serviceSpec = z.object({
  Name: z._default(z.string(), ''),
  Labels: labels,
  TaskTemplate: z._default(taskTemplate, { ForceUpdate: 0, Runtime: 'container' }),
  Mode: nullish(
    z.object({
      Replicated: nullish(z.object({ Replicas: nullish(unsigned) })),
      Global: nullish(z.object({})),
      ReplicatedJob: nullish(
        z.object({ MaxConcurrent: nullish(unsigned), TotalCompletions: nullish(unsigned) }),
      ),
      GlobalJob: nullish(z.object({})),
    }),
  ),
  UpdateConfig: updateConfig,
  RollbackConfig: updateConfig,
  EndpointSpec: nullish(z.object({ Mode: z.optional(z.string()), Ports: nullish(z.array(port)) })),
});

const nodeSpec = z.object({
  Name: z.optional(z.string()),
  Labels: labels,
  Role: z.optional(z.string()),
  Availability: z.optional(z.string()),
});

/** How Go names the fields that people get wrong. */
const GO_FIELDS: Record<string, string> = {
  'Mode.Replicated.Replicas': 'ReplicatedService.Mode.Replicated.Replicas of type uint64',
  'Mode.ReplicatedJob': 'ServiceMode.Mode.ReplicatedJob of type swarm.ReplicatedJob',
  'Mode.ReplicatedJob.MaxConcurrent':
    'ReplicatedJob.Mode.ReplicatedJob.MaxConcurrent of type uint64',
  'Mode.ReplicatedJob.TotalCompletions':
    'ReplicatedJob.Mode.ReplicatedJob.TotalCompletions of type uint64',
};

/** Parses a body, or answers 400 in the words of Go's JSON decoder where that is feasible. */
export function parseBody<T extends z.core.$ZodType>(schema: T, body: string): z.output<T> {
  if (body.trim() === '') throw new DemoEngineError(400, 'got EOF while reading request body');
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DemoEngineError(400, `invalid JSON: ${why}`);
  }
  const result = z.safeParse(schema, json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.map(String) ?? [];
  let value: unknown = json;
  for (const key of path) {
    value = typeof value === 'object' && value ? Reflect.get(value, key) : undefined;
  }
  const kind =
    value === null ? 'null' : typeof value === 'number' ? `number ${value}` : typeof value;
  const field = GO_FIELDS[path.join('.')] ?? path.join('.');
  throw new DemoEngineError(400, `json: cannot unmarshal ${kind} into Go struct field ${field}`);
}

/** Reads a posted service spec into the form in which swarm keeps it, or refuses it. */
export function readServiceSpec(body: string, random: Random): ServiceSpec {
  const raw = parseBody(serviceSpec, body);
  const spec = compact({
    Name: raw.Name === '' ? `amiable_${random.hex(6)}` : raw.Name,
    Labels: raw.Labels ?? {},
    TaskTemplate: readTaskSpec(raw.TaskTemplate),
    Mode: readMode(raw.Mode),
    UpdateConfig: readUpdateConfig(raw.UpdateConfig),
    RollbackConfig: readUpdateConfig(raw.RollbackConfig),
    EndpointSpec: raw.EndpointSpec
      ? compact({
          Mode: raw.EndpointSpec.Mode === 'dnsrr' ? ('dnsrr' as const) : ('vip' as const),
          Ports: raw.EndpointSpec.Ports?.length ? raw.EndpointSpec.Ports.map(readPort) : undefined,
        })
      : undefined,
  }) as ServiceSpec;
  validate(spec);
  return spec;
}

function readTaskSpec(raw: z.output<typeof taskTemplate>): TaskSpec {
  if (!raw.ContainerSpec) throw new DemoEngineError(400, 'mismatched Runtime and *Spec fields');
  const { Condition, ...policy } = raw.RestartPolicy ?? {};
  const { Networks, LogDriver, ForceUpdate, Runtime } = raw;
  return compact({
    ContainerSpec: dropEmpty(inOrder({ Isolation: 'default', ...raw.ContainerSpec }, CONTAINER)),
    Resources: raw.Resources ? dropEmpty(raw.Resources) : undefined,
    RestartPolicy: raw.RestartPolicy
      ? compact({
          Condition: Condition === 'none' || Condition === 'on-failure' ? Condition : 'any',
          ...policy,
          MaxAttempts: policy.MaxAttempts ?? 0,
        })
      : undefined,
    Placement: raw.Placement ? dropEmpty(raw.Placement) : undefined,
    Networks: Networks?.length ? Networks : undefined,
    LogDriver: LogDriver ?? undefined,
    ForceUpdate,
    Runtime: Runtime || 'container',
  }) as TaskSpec;
}

function readMode(raw: z.output<typeof serviceSpec>['Mode']): ServiceSpec['Mode'] {
  const given = Object.entries(raw ?? {}).filter(([, mode]) => mode);
  if (given.length > 1) throw new DemoEngineError(400, 'must specify only one service mode');
  if (raw?.Global) return { Global: {} };
  if (raw?.GlobalJob) return { GlobalJob: {} };
  if (raw?.ReplicatedJob) {
    const MaxConcurrent = raw.ReplicatedJob.MaxConcurrent ?? 1;
    const TotalCompletions = raw.ReplicatedJob.TotalCompletions ?? MaxConcurrent;
    return { ReplicatedJob: { MaxConcurrent, TotalCompletions } };
  }
  const Replicas = raw?.Replicated?.Replicas ?? 1;
  return { Replicated: { Replicas } };
}

function readUpdateConfig(raw: z.output<typeof updateConfig>): UpdateConfig | undefined {
  if (!raw) return undefined;
  const action = raw.FailureAction || 'pause';
  if (action !== 'pause' && action !== 'continue' && action !== 'rollback') {
    throw new DemoEngineError(400, `unrecognized update failure action ${action}`);
  }
  const order = raw.Order || 'stop-first';
  if (order !== 'stop-first' && order !== 'start-first') {
    throw new DemoEngineError(400, `unrecognized update order ${order}`);
  }
  return compact({
    Parallelism: raw.Parallelism,
    Delay: raw.Delay || undefined,
    FailureAction: action,
    Monitor: raw.Monitor || undefined,
    MaxFailureRatio: raw.MaxFailureRatio,
    Order: order,
  }) as UpdateConfig;
}

function readPort(raw: z.output<typeof port>): Port {
  return compact({
    Name: raw.Name || undefined,
    Protocol: raw.Protocol || 'tcp',
    TargetPort: raw.TargetPort,
    PublishedPort: raw.PublishedPort || undefined,
    PublishMode: raw.PublishMode === 'host' ? 'host' : 'ingress',
  }) as Port;
}

/** Swarm's own checks, in its order and words. */
function validate(spec: ServiceSpec): void {
  const invalid = (text: string) => rpcProblem('InvalidArgument', text);
  if (!/^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$/.test(spec.Name)) {
    throw invalid('name must be valid as a DNS name component');
  }
  if (spec.Name.length > 63) throw invalid('name must be 63 characters or fewer');
  const task = spec.TaskTemplate;
  for (const amount of [task.Resources?.Limits, task.Resources?.Reservations]) {
    const cpus = amount?.NanoCPUs ?? 0;
    if (cpus !== 0 && cpus < 1e6) {
      throw invalid(`invalid cpu value ${cpus / 1e9}: Must be at least 0.001`);
    }
    const memory = amount?.MemoryBytes ?? 0;
    if (memory !== 0 && memory < 4 * 1024 * 1024) {
      throw invalid(`invalid memory value ${memory}: Must be at least 4MiB`);
    }
  }
  if ((task.RestartPolicy?.Delay ?? 0) < 0) {
    throw invalid('TaskSpec: restart-delay cannot be negative');
  }
  if ((task.RestartPolicy?.Window ?? 0) < 0) {
    throw invalid('TaskSpec: restart-window cannot be negative');
  }
  try {
    parseConstraints(task.Placement?.Constraints ?? []);
  } catch (error) {
    throw rpcProblem('Unknown', error instanceof Error ? error.message : String(error));
  }
  const { Image } = task.ContainerSpec;
  if (Image === '') throw invalid('ContainerSpec: image reference must be provided');
  if (!isReference(Image)) {
    throw invalid(`ContainerSpec: ${JSON.stringify(Image)} is not a valid repository/tag`);
  }
  if (isJob(spec)) {
    if (spec.UpdateConfig) throw invalid('Jobs may not have an update config');
  } else {
    validateUpdate(spec.UpdateConfig);
  }
  validateEndpoint(spec);
}

function validateUpdate(config: UpdateConfig | undefined): void {
  const invalid = (text: string) => rpcProblem('InvalidArgument', `TaskSpec: ${text}`);
  if ((config?.Delay ?? 0) < 0) throw invalid('update-delay cannot be negative');
  if ((config?.Monitor ?? 0) < 0) throw invalid('update-monitor cannot be negative');
  const ratio = config?.MaxFailureRatio ?? 0;
  if (ratio < 0 || ratio > 1) {
    throw invalid('update-maxfailureratio cannot be less than 0 or bigger than 1');
  }
}

function validateEndpoint(spec: ServiceSpec): void {
  const seen = new Set<string>();
  for (const { PublishMode, PublishedPort, Protocol } of spec.EndpointSpec?.Ports ?? []) {
    if (spec.EndpointSpec?.Mode === 'dnsrr' && PublishMode === 'ingress') {
      throw rpcProblem(
        'InvalidArgument',
        "EndpointSpec: port published with ingress mode can't be used with dnsrr mode",
      );
    }
    if (!PublishedPort) continue;
    const key = `${Protocol}/${PublishedPort}`;
    if (seen.has(key)) {
      throw rpcProblem('InvalidArgument', 'EndpointSpec: duplicate published ports provided');
    }
    seen.add(key);
  }
}

/** Reads a posted node spec, or refuses it. */
export function readNodeSpec(body: string): NodeSpec {
  const raw = parseBody(nodeSpec, body);
  const Role = raw.Role?.toLowerCase() ?? '';
  const Availability = raw.Availability?.toLowerCase() ?? '';
  if (Role !== 'manager' && Role !== 'worker') {
    throw new DemoEngineError(400, `invalid Role: ${JSON.stringify(raw.Role ?? '')}`);
  }
  if (Availability !== 'active' && Availability !== 'pause' && Availability !== 'drain') {
    throw new DemoEngineError(
      400,
      `invalid Availability: ${JSON.stringify(raw.Availability ?? '')}`,
    );
  }
  return compact({
    Name: raw.Name || undefined,
    Labels: raw.Labels ?? {},
    Role,
    Availability,
  }) as NodeSpec;
}

/** The spec with swarm's defaults in the places that were left open (`insertDefaults=true`). */
export function withDefaults(spec: ServiceSpec): ServiceSpec {
  const update = {
    Parallelism: 1,
    FailureAction: 'pause',
    Monitor: 5_000_000_000,
    MaxFailureRatio: 0,
    Order: 'stop-first',
  } as const;
  const task = spec.TaskTemplate;
  const grace = { StopGracePeriod: 10_000_000_000, DNSConfig: {} };
  const { ContainerSpec, Resources, RestartPolicy, Placement, ...rest } = task;
  return {
    ...spec,
    TaskTemplate: {
      ContainerSpec: inOrder({ ...grace, ...ContainerSpec }, CONTAINER),
      Resources: Resources ?? {},
      RestartPolicy: { Condition: 'any', Delay: 5_000_000_000, MaxAttempts: 0, ...RestartPolicy },
      Placement: Placement ?? {},
      ...rest,
    },
    UpdateConfig: { ...update, ...spec.UpdateConfig },
    RollbackConfig: { ...update, ...spec.RollbackConfig },
    ...(spec.EndpointSpec ? { EndpointSpec: spec.EndpointSpec } : {}),
  };
}

/** The engine's order of a container spec's fields; what it does not list comes before the end. */
const CONTAINER = (
  'Image Labels Command Args Hostname Env Dir User Groups Privileges Init StopSignal TTY OpenStdin ' +
  'ReadOnly Mounts StopGracePeriod Healthcheck Hosts DNSConfig Secrets Configs Isolation'
).split(' ');

function inOrder<T extends object>(value: T, order: readonly string[]): T {
  const place = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => place(a) - place(b))) as T;
}

/** A copy without the keys that hold undefined: specs are compared key by key. */
function compact<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}

/** A copy without null and empty lists, as Go's `omitempty` leaves them out. */
function dropEmpty<T extends object>(value: T): T {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, v]) => v !== undefined && v !== null && !(Array.isArray(v) && v.length === 0) && v !== 0,
    ),
  ) as T;
}
