import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import { inspectedReading, updatedSchema, type Inspected } from '../swarm/engine-json';
import { describePart } from '../swarm/read-entity';
import type { Change } from '../swarm/refusals';
import { patchSpec } from '../swarm/spec/patch-spec';
import { isRecord, modeOf, partOf, type RawSpec } from '../swarm/spec/raw-spec';
import type { Availability } from '../swarm/view';
import type { AvailabilityOptions, ChangedSpec, ChangeOptions, SpecChange } from './engine';
import type { EngineCalls } from './engine-call';
import { EntityQueue } from './entity-queue';
import { EngineError, isEngineError } from './errors';
import { pathPart } from './path-part';
import { namingSwitches } from './refused-change';

/** Attempts of an update that conflicts with changes by others; a rolling update conflicts too. */
const ATTEMPTS = 12;
/** Longest wait before the second attempt (ms); it grows with each. Random: two dashboards must not collide again. */
const RETRY_MS = 15;

/** A kind of entity that has a spec. */
export type SpecKind = 'service' | 'node';

/** The parts of a spec that a change relies on. */
const SPECS: Record<SpecKind, z.ZodMiniType> = {
  service: z.looseObject({
    Spec: z.looseObject({
      Name: z.string(),
      Mode: z.looseObject({
        Replicated: z.optional(
          z.nullable(z.looseObject({ Replicas: z.int().check(z.minimum(0)) })),
        ),
      }),
    }),
  }),
  node: z.looseObject({
    Spec: z.looseObject({
      Role: z.enum(['manager', 'worker']),
      Availability: z.enum(['active', 'pause', 'drain']),
      Labels: z.optional(z.nullable(z.record(z.string(), z.string()))),
    }),
  }),
};

/** Any JSON object, as it is: zod would copy it without some names. */
const anyObject = z.unknown().check(z.refine(isRecord));

/** The changes of the specs of one engine. */
export class SpecUpdates {
  readonly #queue = new EntityQueue();
  readonly #raw: EngineCalls['raw'];

  constructor(raw: EngineCalls['raw']) {
    this.#raw = raw;
  }

  /** Reads a service or node by its name or id, or a task by its id. */
  inspect(kind: SpecKind | 'task', name: string, signal?: AbortSignal): Promise<Inspected> {
    return this.#raw(inspectedReading, { path: `/${kind}s/${pathPart(kind, name)}` }, signal);
  }

  /**
   * Reads a spec, changes it and writes it whole, with the version that was read; again from the start after a
   * conflict. Changes of one entity wait for each other, whatever they call it.
   */
  change(
    kind: SpecKind,
    name: string,
    change: SpecChange,
    { as, check, sendSame, query = '' }: ChangeOptions & { query?: string },
  ): Promise<ChangedSpec> {
    return this.exclusively(kind, name, as, async (first) => {
      let now: Inspected | null = first;
      for (let attempt = 1; ; attempt++) {
        now ??= await this.#lookBefore(kind, first.ID, as);
        checkReadable(kind, now);
        check?.(now);
        const spec = change(now.Spec, now);
        const same = isDeepStrictEqual(spec, now.Spec);
        if (same && query === '' && !sendSame?.(now)) {
          return { before: now, spec, written: false, warnings: [] };
        }
        try {
          const warnings = await this.#write(kind, now, spec, as, query);
          return { before: now, spec, written: true, warnings };
        } catch (error) {
          const conflict = isEngineError(error) && error.kind === 'out-of-sequence';
          if (!conflict || attempt === ATTEMPTS) throw error;
          const pause = Math.random() * RETRY_MS * attempt;
          await new Promise((next) => setTimeout(next, pause));
          now = null;
        }
      }
    });
  }

  /** Runs `act` on an entity while no other change of it runs. What it receives was read within its turn. */
  async exclusively<T>(
    kind: SpecKind,
    name: string,
    as: Change,
    act: (now: Inspected) => Promise<T>,
  ): Promise<T> {
    const look = (text: string) => this.#lookBefore(kind, text, as);
    // Only its id shows which queue is its own.
    const first = await look(name);
    return this.#queue.run(first.ID, async (waited) => act(waited ? await look(first.ID) : first));
  }

  /** Reads what is to be changed; the error of an answer that is not understood names the part. */
  async #lookBefore(kind: SpecKind, name: string, as: Change): Promise<Inspected> {
    const path = `/${kind}s/${pathPart(kind, name)}`;
    const json = await namingSwitches(as, 'read', () => this.#raw(anyObject, { path }));
    const read = inspectedReading.safeParse(json);
    if (!read.success) throw notUnderstood(kind, read.error, json);
    return read.data;
  }

  /** Removes an entity after the changes before. */
  remove(kind: SpecKind, name: string, { as, check }: ChangeOptions): Promise<Inspected> {
    return this.exclusively(kind, name, as, async (now) => {
      check?.(now);
      const path = `/${kind}s/${pathPart(kind, now.ID)}`;
      await namingSwitches(as, 'write', () => this.#raw(z.unknown(), { method: 'DELETE', path }));
      return now;
    });
  }

  async #write(
    kind: SpecKind,
    { ID, Version }: Inspected,
    spec: RawSpec,
    as: Change,
    query: string,
  ): Promise<string[]> {
    const path = `/${kind}s/${pathPart(kind, ID)}/update?version=${Version.Index}${query}`;
    const answer = await namingSwitches(as, 'write', () =>
      // Of nodes the answer is empty.
      this.#raw(z.optional(updatedSchema), { method: 'POST', path, body: spec }),
    );
    return answer?.Warnings ?? [];
  }
}

/** Throws if a part of a spec is not understood, because writing it back could change that part. */
function checkReadable(kind: SpecKind, { json }: Inspected): void {
  const parsed = SPECS[kind].safeParse(json);
  if (!parsed.success) throw notUnderstood(kind, parsed.error, json);
}

function notUnderstood(kind: SpecKind, cause: z.core.$ZodError, json: unknown): EngineError {
  const part = describePart(cause.issues[0]?.path ?? [], json);
  return new EngineError(
    'engine-error',
    `Nothing was changed: the engine describes this ${kind} with ${part}, which cannot be written back.`,
    `Change it with docker: \`docker ${kind} update\`.`,
    { cause },
  );
}

/** The number of replicas of a spec, of a replicated job its completions; throws for a service that has none. */
export function replicasOf(spec: RawSpec): number {
  const { Name, Mode } = spec as {
    Name: string;
    Mode: { Replicated?: { Replicas: number } | null };
  };
  if (Mode.Replicated) return Mode.Replicated.Replicas;
  if (modeOf(spec) === 'replicated-job') {
    const completions = partOf(spec, 'Mode', 'ReplicatedJob')['TotalCompletions'];
    // As the engine does.
    return typeof completions === 'number' ? completions : 1;
  }
  throw new EngineError(
    'not-scalable',
    `${Name} is not a replicated service, so it has no number of replicas to set.`,
    'A global service runs one task on every node.',
  );
}

/** Sets the number of replicas or completions, and nothing else (`docker service scale`). */
export function withReplicas(spec: RawSpec, replicas: number): RawSpec {
  replicasOf(spec);
  return patchSpec(spec, { replicas });
}

/** Counts `ForceUpdate` up, which replaces every task (`docker service update --force`). */
export function withForcedUpdate(spec: RawSpec): RawSpec {
  const TaskTemplate = (spec['TaskTemplate'] ?? {}) as RawSpec;
  const count = TaskTemplate['ForceUpdate'] ?? 0;
  if (!Number.isSafeInteger(count)) {
    throw new EngineError(
      'engine-error',
      'Nothing was changed: the engine describes this service with `Spec.TaskTemplate.ForceUpdate`, which cannot be counted up.',
      'Restart it with docker: `docker service update --force`.',
    );
  }
  return { ...spec, TaskTemplate: { ...TaskTemplate, ForceUpdate: Number(count) + 1 } };
}

/** The availability in a node's spec. */
export function availabilityOf(spec: RawSpec): Availability {
  return spec['Availability'] as Availability;
}

/** Sets the availability and labels in a node's spec. */
export function withAvailability(
  spec: RawSpec,
  availability: Availability,
  { onlyFrom, onlyLabelled, labels = {} }: AvailabilityOptions = {},
): RawSpec {
  const present = partOf(spec, 'Labels');
  if (onlyLabelled !== undefined && !Object.hasOwn(present, onlyLabelled)) return spec;
  const from = availabilityOf(spec);
  const to = onlyFrom !== undefined && from !== onlyFrom ? from : availability;
  const given = new Map(Object.entries(present));
  const changes = Object.entries(labels).filter(
    ([label, value]) => (given.get(label) ?? null) !== value,
  );
  if (changes.length === 0) return { ...spec, Availability: to };
  for (const [label, value] of changes) {
    if (value === null) given.delete(label);
    else given.set(label, value);
  }
  return { ...spec, Availability: to, Labels: Object.fromEntries(given) };
}
