import { modeErrors, portErrors, type FieldError, type ServicePatch } from './form';
import { parseDuration } from './go-duration';
import { changePart, isRecord, modeOf, partOf, textOf, textsOf, type RawSpec } from './raw-spec';
import {
  changedRestart,
  changedRollout,
  isGiven,
  rawPort,
  rawPreference,
  resources,
} from './spec-parts';
import { pinnedImage, platformsOf, type ResolvedImage } from './spec-of';
import { portsOf } from './form-of';

const TASK = 'TaskTemplate';
const CONTAINER = [TASK, 'ContainerSpec'] as const;
const PLACEMENT = [TASK, 'Placement'] as const;

/**
 * The spec with a patch applied, as `docker service update` changes it. Everything that the patch does not name
 * stays as it is. A patch with errors (`patchErrors`) must not be applied.
 */
export function patchSpec(
  spec: RawSpec,
  patch: ServicePatch,
  resolved: ResolvedImage | null = null,
): RawSpec {
  let result = spec;
  const change = (path: readonly string[], by: (part: RawSpec) => RawSpec) => {
    const before = partOf(result, ...path);
    const after = by(before);
    // An empty list where there was none would be a change to be written, which a rollback then undoes.
    if (!isAlike(before, after)) result = changePart(result, path, () => after);
  };
  if (patch.image !== undefined) {
    const image = pinnedImage(patch.image, resolved);
    change(CONTAINER, (part) => ({ ...part, Image: image }));
    // Those of the image before must not keep tasks of this one from nodes that can run it.
    if (resolved?.platforms.length || 'Platforms' in partOf(result, ...PLACEMENT)) {
      change(PLACEMENT, (part) => ({ ...without(part, 'Platforms'), ...platformsOf(resolved) }));
    }
  }
  const { replicas } = patch;
  if (replicas !== undefined) {
    if (modeOf(result) === 'replicated-job') {
      change(['Mode', 'ReplicatedJob'], (part) => ({ ...part, TotalCompletions: replicas }));
    } else {
      change(['Mode', 'Replicated'], (part) => ({ ...part, Replicas: replicas }));
    }
  }
  if (patch.env && hasEntries(patch.env)) {
    const { env } = patch;
    change(CONTAINER, (part) => ({ ...part, Env: mergedEnv(textsOf(part['Env']), env) }));
  }
  if (patch.labels && hasEntries(patch.labels)) {
    const { labels } = patch;
    change([], (part) => ({ ...part, Labels: mergedMap(part['Labels'], labels) }));
  }
  if (patch.containerLabels && hasEntries(patch.containerLabels)) {
    const { containerLabels } = patch;
    change(CONTAINER, (part) => ({ ...part, Labels: mergedMap(part['Labels'], containerLabels) }));
  }
  if (patch.constraints && changes(patch.constraints)) {
    const { add = [], remove = [] } = patch.constraints;
    change(PLACEMENT, (part) => {
      const all = new Set([...textsOf(part['Constraints']), ...add]);
      // The client sorts, too, "so that result is predictable": by bytes, as Go compares.
      const kept = [...all]
        .filter((one) => !remove.includes(one) || add.includes(one))
        .sort(byBytes);
      return { ...part, Constraints: kept };
    });
  }
  if (patch.preferences && changes(patch.preferences)) {
    const { add = [], remove = [] } = patch.preferences;
    change(PLACEMENT, (part) => {
      const before = Array.isArray(part['Preferences']) ? part['Preferences'] : [];
      const kept = before.filter((one) => !remove.includes(preferenceText(one)));
      return { ...part, Preferences: [...kept, ...add.map(rawPreference)] };
    });
  }
  if (patch.maxPerNode !== undefined) {
    const { maxPerNode } = patch;
    change(PLACEMENT, (part) => withValue(part, 'MaxReplicas', maxPerNode));
  }
  for (const [field, key] of [
    ['limits', 'Limits'],
    ['reservations', 'Reservations'],
  ] as const) {
    const group = patch[field];
    if (isGiven(group)) {
      change([TASK, 'Resources', key], (part) =>
        Object.entries(resources({ ...group })).reduce(
          (all, [name, value]) => withValue(all, name, value),
          part,
        ),
      );
    }
  }
  for (const [field, key] of [
    ['update', 'UpdateConfig'],
    ['rollback', 'RollbackConfig'],
  ] as const) {
    const group = patch[field];
    if (group && isGiven(group)) {
      result = { ...result, [key]: changedRollout(objectOrNull(result[key]), group) };
    }
  }
  if (patch.restart && isGiven(patch.restart)) {
    const { restart } = patch;
    change([TASK], (part) => ({
      ...part,
      RestartPolicy: changedRestart(objectOrNull(part['RestartPolicy']), restart),
    }));
  }
  if (patch.ports && changes(patch.ports)) {
    const { add = [], remove = [] } = patch.ports;
    change(['EndpointSpec'], (part) => {
      const before = Array.isArray(part['Ports']) ? part['Ports'].filter(isRecord) : [];
      const kept = before.filter(
        (one) =>
          !remove.some(
            ({ target, protocol, mode }) =>
              one['TargetPort'] === target &&
              (one['Protocol'] || 'tcp') === protocol &&
              (one['PublishMode'] || 'ingress') === mode,
          ),
      );
      const has = new Set(kept.map(portKey));
      const added = add.map(rawPort).filter((one) => !has.has(portKey(one)));
      return {
        ...part,
        Ports: [...kept, ...added].sort((a, b) => byBytes(portKey(a), portKey(b))),
      };
    });
  }
  for (const [field, key] of [
    ['command', 'Command'],
    ['args', 'Args'],
  ] as const) {
    const words = patch[field];
    if (words !== undefined) change(CONTAINER, (part) => withValue(part, key, [...words]));
  }
  if (patch.hostname !== undefined) {
    const { hostname } = patch;
    change(CONTAINER, (part) => withValue(part, 'Hostname', hostname));
  }
  if (patch.stopGracePeriod !== undefined) {
    const { stopGracePeriod } = patch;
    change(CONTAINER, (part) => ({ ...part, StopGracePeriod: parseDuration(stopGracePeriod) }));
  }
  return result;
}

const NO_MESH =
  'This service has no virtual IP (endpoint mode dnsrr): its ports can only be published in host mode.';

/** What is wrong with a patch for this service: what its modes do not have, and ports published twice. */
export function patchErrors(spec: RawSpec, patch: ServicePatch): FieldError[] {
  const mode = modeOf(spec);
  const errors = mode === null ? [] : modeErrors(mode, patch);
  const { replicas, ...others } = patch;
  if (mode === null && replicas !== undefined) {
    const message = 'The mode of this service is not known here, so its number of tasks stays.';
    errors.push({ field: 'replicas', message });
  }
  if (mode === 'replicated-job' && replicas !== undefined && isGiven(others)) {
    errors.push({
      field: 'replicas',
      message: 'A job is scaled alone: each change of a job starts it again.',
    });
  }
  const add = patch.ports?.add ?? [];
  if (textOf(partOf(spec, 'EndpointSpec')['Mode']) === 'dnsrr') {
    for (const [at, port] of add.entries()) {
      // swarmkit `validateEndpointSpec`
      if (port.mode === 'ingress') errors.push({ field: `ports.add.${at}.mode`, message: NO_MESH });
    }
  }
  const kept = portsOf(patchSpec(spec, { ports: { remove: patch.ports?.remove } }));
  for (const { field, message } of portErrors([...kept, ...add])) {
    const at = Number(field.split('.')[1]) - kept.length;
    if (at < 0 || isSame(kept, add[at])) continue;
    errors.push({ field: `ports.add.${at}.published`, message });
  }
  return errors;
}

function isSame(ports: ReturnType<typeof portsOf>, port: object | undefined): boolean {
  const key = JSON.stringify(port);
  return ports.some((one) => JSON.stringify(one) === key);
}

/** Sets a value; one that Go leaves out of JSON is removed. */
function withValue(part: RawSpec, key: string, value: unknown): RawSpec {
  const isEmpty = value === 0 || value === '' || (Array.isArray(value) && value.length === 0);
  return isEmpty ? without(part, key) : { ...part, [key]: value };
}

/** Whether two parts have the same values, apart from empty ones, which Go leaves out of JSON. */
function isAlike(before: RawSpec, after: RawSpec): boolean {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].every((key) => {
    const [old, now] = [before[key], after[key]];
    return old === now || json(old) === json(now) || (isEmpty(old) && isEmpty(now));
  });
}

const json = (value: unknown) => JSON.stringify(value);
const isEmpty = (value: unknown) =>
  value === undefined || value === null || json(value) === '[]' || json(value) === '{}';

const without = (part: RawSpec, key: string): RawSpec =>
  Object.fromEntries(Object.entries(part).filter(([name]) => name !== key));
const hasEntries = (map: object) => Object.keys(map).length > 0;
const changes = ({
  add,
  remove,
}: {
  add?: unknown[] | undefined;
  remove?: unknown[] | undefined;
}) => (add?.length ?? 0) + (remove?.length ?? 0) > 0;
const objectOrNull = (value: unknown) => (isRecord(value) ? value : null);

/** `NAME=VALUE`, in their order; what is new comes last. */
function mergedEnv(before: readonly string[], changes: Readonly<Record<string, string | null>>) {
  const left = new Map(Object.entries(changes));
  const kept = before.flatMap((entry) => {
    const [name = ''] = entry.split('=', 1);
    const value = left.get(name);
    if (value === undefined) return Object.hasOwn(changes, name) ? [] : [entry];
    left.delete(name);
    return value === null ? [] : [`${name}=${value}`];
  });
  for (const [name, value] of left) if (value !== null) kept.push(`${name}=${value}`);
  return kept;
}

/** A map with values set, and those removed whose change is null. */
export function mergedMap(before: unknown, changes: Readonly<Record<string, string | null>>) {
  const map: Record<string, unknown> = { ...(isRecord(before) ? before : {}) };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete map[name];
    else map[name] = value;
  }
  return map;
}

function preferenceText(preference: unknown): string {
  return `spread=${textOf(partOf(preference, 'Spread')['SpreadDescriptor']) ?? ''}`;
}

/** As the client compares ports: `8888:8080/tcp/ingress`. */
function portKey(port: RawSpec): string {
  const protocol = textOf(port['Protocol']) ?? 'tcp';
  const mode = textOf(port['PublishMode']) ?? 'ingress';
  return `${Number(port['PublishedPort'] ?? 0)}:${Number(port['TargetPort'] ?? 0)}/${protocol}/${mode}`;
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
