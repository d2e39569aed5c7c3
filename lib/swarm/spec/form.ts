import * as z from 'zod/mini';
import {
  constraint,
  cpus,
  duration,
  entries,
  envName,
  hostname,
  image,
  labelName,
  list,
  memory,
  oneOf,
  port,
  preference,
  ratio,
  replicaCount,
  serviceName,
  shortEnough,
  valueText,
  wholeNumber,
  word,
} from './fields';

/**
 * What a request to create or to change a service holds, and what a form shows. Durations are written as docker's
 * options are (`10s`), memory too (`64M`), so that a form, a request and a command show the same text.
 */

export const MODES = ['replicated', 'global', 'replicated-job', 'global-job'] as const;
export type FormMode = (typeof MODES)[number];
export const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const;
export const PUBLISH_MODES = ['ingress', 'host'] as const;
export const FAILURE_ACTIONS = ['pause', 'continue', 'rollback'] as const;
/** An automatic rollback is never rolled back itself. */
export const ROLLBACK_FAILURE_ACTIONS = ['pause', 'continue'] as const;
export const UPDATE_ORDERS = ['stop-first', 'start-first'] as const;
export const RESTART_CONDITIONS = ['any', 'on-failure', 'none'] as const;

/** The largest number of options such as parallelism, which are counts without a limit. */
const MAX_COUNT = 1_000_000;
const count = wholeNumber(0, MAX_COUNT);

export const publishedPortSchema = z.strictObject({
  /** The container's port. */
  target: port,
  /** Without one (or 0) swarm chooses a port from 30000 on; with `host` the node does. */
  published: z.optional(wholeNumber(0, 65_535)),
  protocol: z._default(oneOf(PROTOCOLS), 'tcp'),
  mode: z._default(oneOf(PUBLISH_MODES), 'ingress'),
});
export type PublishedPort = z.infer<typeof publishedPortSchema>;

const limits = z.strictObject({
  cpus: z.optional(cpus),
  memory: z.optional(memory),
  pids: z.optional(count),
});
const reservations = z.strictObject({ cpus: z.optional(cpus), memory: z.optional(memory) });

const rollout = {
  /** Tasks at the same time; 0: all at once. */
  parallelism: z.optional(count),
  delay: z.optional(duration),
  /** How long each task is watched for failures. */
  monitor: z.optional(duration),
  /** The share of tasks that may fail. */
  maxFailureRatio: z.optional(ratio),
  order: z.optional(oneOf(UPDATE_ORDERS)),
};
const update = z.strictObject({
  ...rollout,
  failureAction: z.optional(oneOf(FAILURE_ACTIONS)),
});
const rollback = z.strictObject({
  ...rollout,
  failureAction: z.optional(oneOf(ROLLBACK_FAILURE_ACTIONS)),
});
const restart = z.strictObject({
  condition: z.optional(oneOf(RESTART_CONDITIONS)),
  delay: z.optional(duration),
  /** 0: no limit. */
  maxAttempts: z.optional(count),
  window: z.optional(duration),
});
export type Rollout = z.infer<typeof update>;
export type Restart = z.infer<typeof restart>;

/** What a create request and a patch hold alike. */
const shared = {
  /** 0: no limit. */
  maxPerNode: z.optional(count),
  limits: z.optional(limits),
  reservations: z.optional(reservations),
  update: z.optional(update),
  rollback: z.optional(rollback),
  restart: z.optional(restart),
  /** Replaces the image's entrypoint; empty: the image's own. */
  command: z.optional(list(word)),
  args: z.optional(list(word)),
  /** Of the containers; empty: their ids. */
  hostname: z.optional(hostname),
  stopGracePeriod: z.optional(duration),
};

/** `POST /api/services`; `maxReplicas` is the setting MAX_REPLICAS. */
export function createServiceSchema(maxReplicas: number) {
  return z
    .strictObject({
      name: serviceName,
      image,
      mode: z._default(oneOf(MODES), 'replicated'),
      /** A job's completions. 1 where it is left out; of a job `maxConcurrent`. */
      replicas: z.optional(replicaCount(maxReplicas)),
      /** Tasks of a replicated job at the same time. Docker's client cannot change it later. */
      maxConcurrent: z.optional(count),
      ports: z.optional(list(publishedPortSchema)),
      env: z.optional(entries(envName, valueText)),
      constraints: z.optional(list(constraint)),
      preferences: z.optional(list(preference)),
      labels: z.optional(entries(labelName, valueText)),
      containerLabels: z.optional(entries(labelName, valueText)),
      ...shared,
    })
    .check(
      z.check((context) => {
        for (const { field, message } of [
          ...modeErrors(context.value.mode, context.value),
          ...portErrors(context.value.ports ?? []),
        ]) {
          context.issues.push({
            code: 'custom',
            input: context.value,
            path: field.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
            message,
          });
        }
      }),
      shortEnough(),
    );
}
/** A service's form, complete and checked. */
export type ServiceForm = z.output<ReturnType<typeof createServiceSchema>>;
/** What a program may send: fields with defaults can be left out. */
export type CreateService = z.input<ReturnType<typeof createServiceSchema>>;

/** Entries to add (or to replace) and to remove. */
const changed = <T extends z.ZodMiniType>(item: T) =>
  z.optional(
    z.strictObject({
      add: z.optional(list(item)),
      /** As they are written in the spec. */
      remove: z.optional(list(valueText)),
    }),
  );

/** Values by name to set; null removes one. */
const merged = <T extends z.ZodMiniType<string, string>>(name: T) =>
  z.optional(entries(name, z.nullable(valueText), { nullRemoves: true }));

/**
 * `PATCH /api/services/{name}`: only what is named changes. What swarm cannot change (name, mode) is missing here.
 */
export function patchServiceSchema(maxReplicas: number) {
  return z
    .strictObject({
      image: z.optional(image),
      replicas: z.optional(replicaCount(maxReplicas)),
      ports: z.optional(
        z.strictObject({
          /** One that is published already is kept. */
          add: z.optional(list(publishedPortSchema)),
          remove: z.optional(
            list(
              z.strictObject({
                target: port,
                protocol: z._default(oneOf(PROTOCOLS), 'tcp'),
                mode: z._default(oneOf(PUBLISH_MODES), 'ingress'),
              }),
            ),
          ),
        }),
      ),
      env: merged(envName),
      constraints: changed(constraint),
      preferences: changed(preference),
      labels: merged(labelName),
      containerLabels: merged(labelName),
      ...shared,
    })
    .check(shortEnough());
}
export type ServicePatch = z.output<ReturnType<typeof patchServiceSchema>>;
/** What a program may send. */
export type PatchService = z.input<ReturnType<typeof patchServiceSchema>>;

/** What is wrong with one field: `field` is its path, such as `ports.0.published`. */
export interface FieldError {
  field: string;
  message: string;
}

/** What does not fit a service's mode. */
export function modeErrors(
  mode: FormMode,
  form: Pick<ServicePatch, 'replicas' | 'maxPerNode' | 'update' | 'rollback'> & {
    maxConcurrent?: number | undefined;
  },
): FieldError[] {
  const global = mode === 'global' || mode === 'global-job';
  const job = mode === 'replicated-job' || mode === 'global-job';
  const errors: FieldError[] = [];
  const refuse = (field: keyof typeof form, message: string) => {
    if (form[field] !== undefined) errors.push({ field, message });
  };
  if (global) {
    refuse('replicas', 'A global service has no number of replicas: it runs a task on every node.');
    if ((form.maxPerNode ?? 0) > 0) {
      refuse('maxPerNode', 'A global service has no maximum per node: it runs one task on each.');
    }
  }
  if (mode !== 'replicated-job') {
    refuse('maxConcurrent', 'Only a replicated job has a number of tasks at the same time.');
  }
  if (job) {
    refuse('update', 'A job has no update policy: each change starts it again.');
    refuse('rollback', 'A job has no rollback policy.');
  }
  return errors;
}

/** Two ports of one service that are published alike (swarmkit `validateEndpointSpec`). */
export function portErrors(ports: readonly PublishedPort[]): FieldError[] {
  const seen = new Set<string>();
  return ports.flatMap(({ published, protocol }, at) => {
    if (!published) return [];
    const key = `${published}/${protocol}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ field: `ports.${at}.published`, message: `Port ${key} is published twice.` }];
  });
}

/** The errors of a value that a schema has rejected, by field; at most one per field. None without an error. */
export function fieldErrors(error: z.core.$ZodError | undefined): FieldError[] {
  const errors = new Map<string, string>();
  for (const issue of error?.issues ?? []) {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) errors.set([...path, key].join('.'), 'There is no such field.');
      continue;
    }
    const field = path.join('.');
    if (!errors.has(field)) errors.set(field, issue.message);
  }
  return [...errors].map(([field, message]) => ({ field, message }));
}
