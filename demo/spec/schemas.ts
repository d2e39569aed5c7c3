import * as z from 'zod/mini';

/** Schemas of what clients may post. Unknown fields of the container's spec are stored unchanged. */

const nullish = <T extends z.core.$ZodType>(schema: T) => z.optional(z.nullable(schema));
const labels = nullish(z.record(z.string(), z.string()));
/** Go's integers hold more than JavaScript's numbers: a larger one is stored as the nearest number. */
const whole = z.number().check(z.refine(Number.isInteger));
const unsigned = z.number().check(z.refine((value) => Number.isInteger(value) && value >= 0));

const resources = nullish(
  z.looseObject({
    NanoCPUs: z.optional(whole),
    MemoryBytes: z.optional(whole),
    GenericResources: nullish(z.array(z.unknown())),
  }),
);

export const updateConfigSchema = nullish(
  z.object({
    Parallelism: z._default(unsigned, 0),
    Delay: z.optional(whole),
    FailureAction: z.optional(z.string()),
    Monitor: z.optional(whole),
    MaxFailureRatio: z._default(z.number(), 0),
    Order: z.optional(z.string()),
  }),
);

export const portSchema = z.object({
  Name: z.optional(z.string()),
  Protocol: z._default(z.string(), 'tcp'),
  TargetPort: z._default(unsigned, 0),
  PublishedPort: z.optional(unsigned),
  PublishMode: z._default(z.string(), 'ingress'),
});

const mountSchema = z.looseObject({
  Type: z.optional(z.string()),
  VolumeOptions: nullish(
    z.looseObject({ DriverConfig: nullish(z.looseObject({ Name: z.optional(z.string()) })) }),
  ),
});

export const taskTemplateSchema = z.looseObject({
  ContainerSpec: nullish(
    z.looseObject({
      Image: z._default(z.string(), ''),
      Args: nullish(z.array(z.string())),
      Mounts: nullish(z.array(mountSchema)),
    }),
  ),
  Resources: nullish(z.looseObject({ Limits: resources, Reservations: resources })),
  RestartPolicy: nullish(
    z.object({
      Condition: z.optional(z.string()),
      Delay: z.optional(whole),
      MaxAttempts: z.optional(unsigned),
      Window: z.optional(whole),
    }),
  ),
  Placement: nullish(
    z.object({
      Constraints: nullish(z.array(z.string())),
      Preferences: nullish(
        z.array(z.object({ Spread: z.optional(z.object({ SpreadDescriptor: z.string() })) })),
      ),
      MaxReplicas: z.optional(unsigned),
      Platforms: nullish(
        z.array(z.object({ Architecture: z.optional(z.string()), OS: z.optional(z.string()) })),
      ),
    }),
  ),
  Networks: nullish(z.array(z.looseObject({ Target: z.string() }))),
  LogDriver: nullish(z.looseObject({ Name: z.optional(z.string()) })),
  ForceUpdate: z._default(whole, 0),
  Runtime: z._default(z.string(), 'container'),
});

export const serviceSpecSchema = z.object({
  Name: z._default(z.string(), ''),
  Labels: labels,
  TaskTemplate: z._default(taskTemplateSchema, { ForceUpdate: 0, Runtime: 'container' }),
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
  UpdateConfig: updateConfigSchema,
  RollbackConfig: updateConfigSchema,
  EndpointSpec: nullish(
    z.object({ Mode: z.optional(z.string()), Ports: nullish(z.array(portSchema)) }),
  ),
});

export const nodeSpecSchema = z.object({
  Name: z.optional(z.string()),
  Labels: labels,
  Role: z.optional(z.string()),
  Availability: z.optional(z.string()),
});
