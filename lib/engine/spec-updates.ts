import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import { describePart } from '../swarm/read-entity';
import type { Availability } from '../swarm/view';
import type { Dockerode } from './dockerode';
import type { AvailabilityOptions, MadeAvailable, Scaled } from './engine';
import type { EngineCalls } from './engine-call';
import { EngineError, isEngineError } from './errors';
import { pathPart } from './path-part';
import { namingSwitches } from './refused-change';

/** Attempts of an update that conflicts with other changes. */
const ATTEMPTS = 5;

const serviceSpecSchema = z.looseObject({
  ID: z.string(),
  Version: z.object({ Index: z.number() }),
  Spec: z.looseObject({
    Name: z.string(),
    Mode: z.looseObject({
      Replicated: z.optional(z.nullable(z.looseObject({ Replicas: z.int().check(z.minimum(0)) }))),
    }),
  }),
});
const nodeSpecSchema = z.looseObject({
  ID: z.string(),
  Version: z.object({ Index: z.number() }),
  Spec: z.looseObject({
    Availability: z.enum(['active', 'pause', 'drain']),
    Labels: z.optional(z.nullable(z.record(z.string(), z.string()))),
  }),
});

/**
 * Reads the spec that is to be changed. Throws if a part of it is not understood, because writing it back could
 * change that part.
 */
async function readSpec<T>(
  call: EngineCalls['one'],
  schema: z.ZodMiniType<T>,
  kind: 'service' | 'node',
  inspect: (abortSignal: AbortSignal) => Promise<unknown>,
): Promise<T> {
  const json = await call(z.looseObject({}), inspect);
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const part = describePart(parsed.error.issues[0]?.path ?? [], json);
  throw new EngineError(
    'engine-error',
    `Nothing was changed: the engine describes this ${kind} with ${part}, which cannot be written back.`,
    `Change it with docker: \`docker ${kind} update\`.`,
    { cause: parsed.error },
  );
}

/** Runs `update`, which reads, changes and writes a spec, again if the spec changed in between. */
export async function retryOnConflict<T>(update: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await update();
    } catch (error) {
      const conflict = isEngineError(error) && error.kind === 'out-of-sequence';
      if (!conflict || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Sets the number of replicas in a service's spec. */
export async function updateReplicas(
  docker: Dockerode,
  call: EngineCalls['one'],
  name: string,
  replicas: number,
): Promise<Scaled> {
  const service = docker.getService(pathPart('service', name));
  const { ID, Version, Spec } = await namingSwitches('scale', 'read', () =>
    readSpec(call, serviceSpecSchema, 'service', (abortSignal) => service.inspect({ abortSignal })),
  );
  if (!Spec.Mode.Replicated) {
    throw new EngineError(
      'not-scalable',
      `${Spec.Name} is not a replicated service, so it has no number of replicas to set.`,
      'A global service runs one task on every node.',
    );
  }
  const from = Spec.Mode.Replicated.Replicas;
  if (from === replicas) return { from, to: replicas };
  const spec = {
    ...Spec,
    Mode: { ...Spec.Mode, Replicated: { ...Spec.Mode.Replicated, Replicas: replicas } },
  };
  await namingSwitches('scale', 'write', () =>
    call(z.unknown(), (abortSignal) =>
      docker
        .getService(ID)
        .update({ abortSignal, _query: { version: Version.Index }, _body: spec }),
    ),
  );
  return { from, to: replicas };
}

/** Sets the availability and labels in a node's spec. */
export async function updateAvailability(
  docker: Dockerode,
  call: EngineCalls['one'],
  name: string,
  availability: Availability,
  { onlyFrom, labels = {} }: AvailabilityOptions = {},
): Promise<MadeAvailable> {
  const node = docker.getNode(pathPart('node', name));
  const { ID, Version, Spec } = await namingSwitches('drain', 'read', () =>
    readSpec(call, nodeSpecSchema, 'node', (abortSignal) => node.inspect({ abortSignal })),
  );
  const from = Spec.Availability;
  const to = onlyFrom !== undefined && from !== onlyFrom ? from : availability;
  const Labels = { ...Spec.Labels };
  for (const [label, value] of Object.entries(labels)) {
    if (value === null) delete Labels[label];
    else Labels[label] = value;
  }
  if (to === from && isDeepStrictEqual(Labels, { ...Spec.Labels })) return { from, to };
  const spec = { ...Spec, Availability: to, Labels };
  await namingSwitches('drain', 'write', () =>
    call(z.unknown(), (abortSignal) =>
      docker.getNode(ID).update({ abortSignal, _query: { version: Version.Index }, _body: spec }),
    ),
  );
  return { from, to };
}
