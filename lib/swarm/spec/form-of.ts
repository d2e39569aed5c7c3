import {
  PROTOCOLS,
  PUBLISH_MODES,
  ROLLBACK_FAILURE_ACTIONS,
  type PublishedPort,
  type Rollout,
  type ServiceForm,
} from './form';
import { goDuration } from './go-duration';
import { memoryText } from './memory-size';
import { isRecord, modeOf, partOf, textMap, textsOf, type RawSpec } from './raw-spec';

/**
 * The form of a service's spec. What the form cannot show stays in the spec and is not in here. Groups that the spec
 * does not have are left out.
 */
export function formOf(spec: RawSpec): ServiceForm {
  const task = partOf(spec, 'TaskTemplate');
  const container = partOf(task, 'ContainerSpec');
  const placement = partOf(task, 'Placement');
  const restart = partOf(task, 'RestartPolicy');
  const mode = modeOf(spec) ?? 'replicated';
  const job = partOf(spec, 'Mode', 'ReplicatedJob');
  return {
    name: text(spec['Name']) ?? '',
    image: text(container['Image']) ?? '',
    mode,
    ...(mode === 'replicated' && {
      replicas: count(partOf(spec, 'Mode', 'Replicated')['Replicas']) ?? 1,
    }),
    ...(mode === 'replicated-job' && {
      replicas: count(job['TotalCompletions']) ?? 1,
      maxConcurrent: count(job['MaxConcurrent']),
    }),
    ports: portsOf(spec),
    env: envOf(container),
    constraints: textsOf(placement['Constraints']),
    preferences: preferencesOf(placement),
    labels: textMap(spec['Labels']),
    containerLabels: textMap(container['Labels']),
    maxPerNode: count(placement['MaxReplicas']),
    limits: amounts(partOf(task, 'Resources', 'Limits')),
    reservations: amounts(partOf(task, 'Resources', 'Reservations')),
    ...(isRecord(spec['UpdateConfig']) && { update: rolloutOf(spec['UpdateConfig']) }),
    ...(isRecord(spec['RollbackConfig']) && {
      rollback: {
        ...rolloutOf(spec['RollbackConfig']),
        failureAction: word(ROLLBACK_FAILURE_ACTIONS, spec['RollbackConfig']['FailureAction']),
      },
    }),
    ...(isRecord(task['RestartPolicy']) && {
      restart: {
        condition: word(['any', 'on-failure', 'none'], restart['Condition']),
        delay: durationText(restart['Delay']),
        maxAttempts: count(restart['MaxAttempts']),
        window: durationText(restart['Window']),
      },
    }),
    command: textsOf(container['Command']),
    args: textsOf(container['Args']),
    hostname: text(container['Hostname']),
    stopGracePeriod: durationText(container['StopGracePeriod']),
  };
}

/** The published ports of a spec; one that does not fit is left out. */
export function portsOf(spec: RawSpec): PublishedPort[] {
  const ports = partOf(spec, 'EndpointSpec')['Ports'];
  if (!Array.isArray(ports)) return [];
  return ports.filter(isRecord).flatMap((port) => {
    const target = count(port['TargetPort']);
    const protocol = word(PROTOCOLS, port['Protocol'] || 'tcp');
    const mode = word(PUBLISH_MODES, port['PublishMode'] || 'ingress');
    if (!target || !protocol || !mode) return [];
    const published = count(port['PublishedPort']);
    return [{ target, ...(published ? { published } : {}), protocol, mode }];
  });
}

/** `NAME=VALUE`; a name without a value unsets a variable of the image, which the form does not show. */
function envOf(container: RawSpec): Record<string, string> {
  return Object.fromEntries(
    textsOf(container['Env']).flatMap((entry) => {
      const at = entry.indexOf('=');
      return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)]] : [];
    }),
  ) as Record<string, string>;
}

function preferencesOf(placement: RawSpec): string[] {
  const list = placement['Preferences'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((one) => {
    const descriptor = text(partOf(one, 'Spread')['SpreadDescriptor']);
    return descriptor === undefined ? [] : [`spread=${descriptor}`];
  });
}

function amounts(part: RawSpec): NonNullable<ServiceForm['limits']> {
  const nano = count(part['NanoCPUs']);
  const bytes = count(part['MemoryBytes']);
  const pids = count(part['Pids']);
  return {
    ...(nano !== undefined && { cpus: nano / 1e9 }),
    ...(bytes !== undefined && { memory: memoryText(bytes) }),
    ...(pids !== undefined && { pids }),
  };
}

function rolloutOf(config: RawSpec): Rollout {
  const share = config['MaxFailureRatio'];
  return {
    parallelism: count(config['Parallelism']),
    delay: durationText(config['Delay']),
    monitor: durationText(config['Monitor']),
    maxFailureRatio: typeof share === 'number' ? share : undefined,
    order: word(['stop-first', 'start-first'], config['Order']),
    failureAction: word(['pause', 'continue', 'rollback'], config['FailureAction']),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function count(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

function durationText(value: unknown): string | undefined {
  const ns = count(value);
  return ns === undefined ? undefined : goDuration(ns);
}

function word<const T extends string>(words: readonly T[], value: unknown): T | undefined {
  return words.find((one) => one === value);
}
