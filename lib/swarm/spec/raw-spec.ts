/**
 * A spec as the engine's JSON has it. It is read and changed without a schema, so that everything in it survives,
 * what this version does not know included.
 */
export type RawSpec = Readonly<Record<string, unknown>>;

/** The object at a path; an empty one where there is none. */
export function partOf(spec: unknown, ...path: readonly string[]): RawSpec {
  let part: unknown = spec;
  for (const key of path) part = isRecord(part) ? part[key] : undefined;
  return isRecord(part) ? part : {};
}

/** The texts of a list; what is none is left out. */
export function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
}

/** The texts of a map by name; what is none is left out. */
export function textMap(map: unknown): Record<string, string> {
  const entries = Object.entries(isRecord(map) ? map : {});
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string')) as Record<
    string,
    string
  >;
}

/** A text; nothing where the value is none, or is empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function isRecord(value: unknown): value is RawSpec {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy of the spec with `change` applied to the object at the path, which is created where it is missing. */
export function changePart(
  spec: RawSpec,
  path: readonly string[],
  change: (part: RawSpec) => RawSpec,
): RawSpec {
  const [key, ...rest] = path;
  if (key === undefined) return change(spec);
  return { ...spec, [key]: changePart(partOf(spec, key), rest, change) };
}

/** The service's mode; null where it is none that is known. */
export function modeOf(
  spec: RawSpec,
): 'replicated' | 'global' | 'replicated-job' | 'global-job' | null {
  const mode = partOf(spec, 'Mode');
  if (mode['Replicated']) return 'replicated';
  if (mode['Global']) return 'global';
  if (mode['ReplicatedJob']) return 'replicated-job';
  return mode['GlobalJob'] ? 'global-job' : null;
}

/** A service's name; the start of its id where it has none. */
export function nameOf({ ID, Spec }: { ID: string; Spec: RawSpec }): string {
  return textOf(Spec['Name']) ?? ID.slice(0, 12);
}

/** Whether an update or a rollback of a service is paused: the next update continues it. */
export function isPaused(service: RawSpec): boolean {
  const state = updateStateOf(service);
  return state === 'paused' || state === 'rollback_paused';
}

/** The state of the update or rollback that a service is in, or was last in. */
export function updateStateOf(service: RawSpec): string | undefined {
  return textOf(partOf(service, 'UpdateStatus')['State']);
}
