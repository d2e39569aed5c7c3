import { shell, shellWord } from '../shell';
import type { PublishedPort, Restart, Rollout, ServiceForm, ServicePatch } from './form';
import { wordsText } from './shell-words';
import { isGiven } from './spec-parts';
import type { NodePatch } from './node-form';

/** The docker command that a change equals. Options stand before names, which can begin with `-` only in a spec. */

type Words = readonly string[];

function command(...words: Words): string {
  return words.map(shellWord).join(' ');
}

/** `docker service create …` */
export function createCommand(form: ServiceForm): string {
  const args = form.args ?? [];
  return command(
    'docker',
    'service',
    'create',
    ...option('name', form.name),
    ...(form.mode === 'replicated' ? [] : option('mode', form.mode)),
    ...option('replicas', form.replicas),
    ...option('max-concurrent', form.maxConcurrent),
    ...each('publish', (form.ports ?? []).map(publishText)),
    ...each('env', pairs(form.env ?? {})),
    ...each('constraint', form.constraints ?? []),
    ...each('placement-pref', form.preferences ?? []),
    ...each('label', pairs(form.labels ?? {})),
    ...each('container-label', pairs(form.containerLabels ?? {})),
    ...sharedOptions(form),
    ...(form.command?.length ? option('entrypoint', wordsText(form.command)) : []),
    form.image,
    ...args,
  );
}

/**
 * `docker service update …`; `docker service scale` where nothing but the number of replicas changes, which is also the
 * only way to scale a job.
 */
export function updateCommand(service: string, patch: ServicePatch): string {
  const { replicas, ...others } = patch;
  if (replicas !== undefined && !isGiven(others)) return scaleCommand(service, replicas);
  return command(
    'docker',
    'service',
    'update',
    ...option('image', patch.image),
    ...option('replicas', replicas),
    ...each('publish-rm', (patch.ports?.remove ?? []).map(publishText)),
    ...each('publish-add', (patch.ports?.add ?? []).map(publishText)),
    ...merged('env', patch.env),
    ...each('constraint-rm', patch.constraints?.remove ?? []),
    ...each('constraint-add', patch.constraints?.add ?? []),
    ...each('placement-pref-rm', patch.preferences?.remove ?? []),
    ...each('placement-pref-add', patch.preferences?.add ?? []),
    ...merged('label', patch.labels),
    ...merged('container-label', patch.containerLabels),
    ...sharedOptions(patch),
    ...(patch.command ? option('entrypoint', wordsText(patch.command)) : []),
    ...(patch.args ? option('args', wordsText(patch.args)) : []),
    ...named(service),
  );
}

export function scaleCommand(service: string, replicas: number): string {
  return shell`docker service scale ${`${service}=${replicas}`}`;
}

/** Replaces every task: a restart, and what spreads a service over its nodes anew. */
export function restartCommand(service: string): string {
  return shell`docker service update --force ${service}`;
}

export function rollbackCommand(service: string): string {
  return shell`docker service rollback ${service}`;
}

export function removeServiceCommand(service: string): string {
  return shell`docker service rm ${service}`;
}

/** `docker node update …`; `docker node promote` or `demote` where only the role changes. */
export function nodeCommand(node: string, patch: NodePatch): string {
  const { role, ...others } = patch;
  if (role !== undefined && !isGiven(others)) {
    return role === 'manager'
      ? shell`docker node promote ${node}`
      : shell`docker node demote ${node}`;
  }
  return command(
    'docker',
    'node',
    'update',
    ...option('availability', patch.availability),
    ...option('role', role),
    ...merged('label', patch.labels),
    ...named(node),
  );
}

export function removeNodeCommand(node: string): string {
  return shell`docker node rm ${node}`;
}

function sharedOptions(form: ServicePatch | ServiceForm): string[] {
  return [
    ...option('replicas-max-per-node', form.maxPerNode),
    ...option('limit-cpu', wholeNanos(form.limits?.cpus)),
    ...option('limit-memory', form.limits?.memory),
    ...option('limit-pids', form.limits?.pids),
    ...option('reserve-cpu', wholeNanos(form.reservations?.cpus)),
    ...option('reserve-memory', form.reservations?.memory),
    ...rolloutOptions('update', form.update ?? {}),
    ...rolloutOptions('rollback', form.rollback ?? {}),
    ...restartOptions(form.restart ?? {}),
    ...option('hostname', form.hostname),
    ...option('stop-grace-period', form.stopGracePeriod),
  ];
}

function rolloutOptions(group: 'update' | 'rollback', form: Rollout): string[] {
  return [
    ...option(`${group}-parallelism`, form.parallelism),
    ...option(`${group}-delay`, form.delay),
    ...option(`${group}-monitor`, form.monitor),
    ...option(`${group}-failure-action`, form.failureAction),
    ...option(`${group}-max-failure-ratio`, form.maxFailureRatio),
    ...option(`${group}-order`, form.order),
  ];
}

function restartOptions(form: Restart): string[] {
  return [
    ...option('restart-condition', form.condition),
    ...option('restart-delay', form.delay),
    ...option('restart-max-attempts', form.maxAttempts),
    ...option('restart-window', form.window),
  ];
}

/** An option takes the next word as its value, whatever that begins with. */
function option(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [`--${name}`, decimal(value)];
}

/** As the spec has it: docker's client refuses what is no whole number of nano-CPUs, such as 0.1 + 0.2. */
function wholeNanos(cpus: number | undefined): number | undefined {
  return cpus === undefined ? undefined : Math.round(cpus * 1e9) / 1e9;
}

/** Small numbers without an exponent, which docker's client reads as a rational number but people do not. */
function decimal(value: string | number): string {
  if (typeof value === 'string' || !String(value).includes('e')) return String(value);
  return value.toFixed(12).replace(/\.?0+$/, '');
}

function each(name: string, values: readonly string[]): string[] {
  return values.flatMap((value) => [`--${name}`, value]);
}

function pairs(map: Readonly<Record<string, string>>): string[] {
  return Object.entries(map).map(([name, value]) => `${name}=${value}`);
}

function merged(
  name: string,
  changes: Readonly<Record<string, string | null>> | undefined,
): string[] {
  return Object.entries(changes ?? {}).flatMap(([key, value]) =>
    value === null ? [`--${name}-rm`, key] : [`--${name}-add`, `${key}=${value}`],
  );
}

/** A name as the last word. */
function named(name: string): string[] {
  return name.startsWith('-') ? ['--', name] : [name];
}

/** `8888:8080`, `8888:8080/udp`, or the long form for ports of the node itself. */
function publishText({ target, published, protocol, mode }: PublishedPort): string {
  if (mode === 'ingress') {
    const port = published ? `${published}:${target}` : `${target}`;
    return protocol === 'tcp' ? port : `${port}/${protocol}`;
  }
  const parts = [`mode=${mode}`, `target=${target}`];
  if (published) parts.push(`published=${published}`);
  if (protocol !== 'tcp') parts.push(`protocol=${protocol}`);
  return parts.join(',');
}
