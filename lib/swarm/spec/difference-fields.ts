import { goDuration } from './go-duration';
import { memoryText } from './memory-size';
import { isRecord, partOf, textMap, textOf, textsOf } from './raw-spec';
import { shellWord } from '../shell';

/** The parts of a service's spec that a difference has words for. */

/** A single value, in words for what is missing too. */
export interface ValueRule {
  label: string;
  words: (value: unknown) => string;
}

/** Several values by name. A list without names has its own values as names. */
export interface ListRule {
  /** Of one entry: `Constraint`. */
  label: string;
  entries: (value: unknown) => ReadonlyMap<string, string>;
  /** What must not be shown to everybody: the values, the names too, or only options within values. */
  hidden?: 'values' | 'names' | 'options';
}

const NOT_SET = 'not set';

/** A text, number or truth value as it is; anything else as JSON. */
function plain(value: unknown): string {
  if (value === undefined || value === null || value === '') return NOT_SET;
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? NOT_SET);
}

/** `ifMissing`: what swarm does without a value. */
const value = (label: string, ifMissing = NOT_SET): ValueRule => ({
  label,
  words: (given) => (plain(given) === NOT_SET ? ifMissing : plain(given)),
});
const numberOr = (label: string, zero: string, words: (given: number) => string): ValueRule => ({
  label,
  words: (given) => {
    if (given === undefined || given === null || given === 0) return zero;
    return Number.isSafeInteger(given) ? words(given as number) : plain(given);
  },
});
const duration = (label: string, ifMissing = '0s'): ValueRule => ({
  label,
  words: (given) => {
    if (given === undefined || given === null) return ifMissing;
    return Number.isSafeInteger(given) ? goDuration(given as number) : plain(given);
  },
});
const cpus = (label: string) => numberOr(label, 'none', (nano) => `${nano / 1e9}`);
const memory = (label: string) => numberOr(label, 'none', memoryText);
const limit = (label: string) => numberOr(label, 'no limit', String);
const truth = (label: string): ValueRule => ({
  label,
  words: (given) =>
    given === true
      ? 'yes'
      : plain(given === false ? null : given) === NOT_SET
        ? 'no'
        : plain(given),
});
const command = (label: string, none: string): ValueRule => ({
  label,
  words: (given) => {
    if (!Array.isArray(given) || given.length === 0) return none;
    return given
      .map((word) => (typeof word === 'string' ? shellWord(word) : plain(word)))
      .join(' ');
  },
});

/** Entries as their own names; one that is there several times is numbered. */
function counted(texts: readonly string[]): Map<string, string> {
  const counts = new Map<string, number>();
  return new Map(
    texts.map((text) => {
      const count = (counts.get(text) ?? 0) + 1;
      counts.set(text, count);
      return [count === 1 ? text : `${text} (${count})`, ''];
    }),
  );
}

/** What is no list, or no entry of this kind, is compared as JSON. */
function listOf(given: unknown, text: (entry: unknown) => string | null): string[] {
  if (given === undefined || given === null || given === '') return [];
  const list: unknown[] = Array.isArray(given) ? given : [given];
  return list.map((entry) => text(entry) ?? JSON.stringify(entry) ?? NOT_SET);
}

const texts = (label: string): ListRule => ({
  label,
  entries: (given) => counted(listOf(given, (entry) => (typeof entry === 'string' ? entry : null))),
});
const map = (label: string): ListRule => ({
  label,
  entries: (given) => {
    if (!isRecord(given)) return counted(listOf(given, () => null));
    return new Map(Object.entries(given).map(([name, one]) => [name, plain(one)]));
  },
});
/** Objects by one of their fields, compared as JSON. */
const objects = (label: string, nameIn: (entry: unknown) => string | undefined): ListRule => ({
  label,
  entries: (given) => {
    if (!Array.isArray(given)) return counted(listOf(given, () => null));
    const names = [
      ...counted(given.map((entry) => nameIn(entry) ?? JSON.stringify(entry) ?? NOT_SET)).keys(),
    ];
    return new Map(given.map((entry, at) => [names[at] ?? `${at}`, shortJson(entry)]));
  },
});

/** `Type: bind, Source: /a`. */
function shortJson(entry: unknown): string {
  if (!isRecord(entry)) return plain(entry);
  return Object.entries(entry)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => `${key}: ${plain(one)}`)
    .join(', ');
}

function envEntries(given: unknown): ReadonlyMap<string, string> {
  if (!Array.isArray(given) || textsOf(given).length < given.length) {
    return counted(listOf(given, () => null));
  }
  return new Map(
    textsOf(given).map((entry) => {
      const at = entry.indexOf('=');
      return at < 0 ? [entry, 'not in the container'] : [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}

function portWords(port: unknown): string | null {
  if (!isRecord(port)) return null;
  const { TargetPort, PublishedPort, Protocol, PublishMode, Name, ...others } = port;
  if (typeof TargetPort !== 'number') return null;
  const published = typeof PublishedPort === 'number' && PublishedPort > 0 ? PublishedPort : 'any';
  const more = [
    ...(PublishMode === 'host' ? ['on the node’s own address'] : []),
    ...(textOf(Name) === undefined ? [] : [`named ${plain(Name)}`]),
    ...(Object.keys(others).length > 0 ? [shortJson(others)] : []),
  ];
  const protocol = textOf(Protocol) ?? 'tcp';
  return `${published} → ${TargetPort}/${protocol}${more.length > 0 ? ` (${more.join(', ')})` : ''}`;
}

function preferenceWords(preference: unknown): string | null {
  const descriptor = textOf(partOf(preference, 'Spread')['SpreadDescriptor']);
  const alone = isRecord(preference) && Object.keys(preference).length === 1;
  return descriptor === undefined || !alone ? null : `spread=${descriptor}`;
}

function platformWords(platform: unknown): string | null {
  const { OS, Architecture, ...others } = textMap(platform);
  const whole = isRecord(platform) && Object.keys(others).length === 0;
  if (!whole || !Object.values(platform).every((one) => typeof one === 'string')) return null;
  return `${OS || 'any system'}/${Architecture || 'any processor'}`;
}

const CONTAINER = 'TaskTemplate.ContainerSpec';
const PLACEMENT = 'TaskTemplate.Placement';
const RESOURCES = 'TaskTemplate.Resources';
const HEALTH = `${CONTAINER}.Healthcheck`;

/** swarmkit api/defaults/service.go: what swarm does without these. */
const rollout = (path: string, words: string): [string, ValueRule][] => [
  [`${path}.Parallelism`, { label: `${words} parallelism`, words: parallelism }],
  [`${path}.Delay`, duration(`${words} delay`)],
  [`${path}.FailureAction`, value(`${words} failure action`, 'pause')],
  [`${path}.Monitor`, duration(`${words} monitor`, '5s')],
  [`${path}.MaxFailureRatio`, value(`${words} maximum failure ratio`, '0')],
  [`${path}.Order`, value(`${words} order`, 'stop-first')],
];
const parallelism = (given: unknown) =>
  given === 0 ? 'all at once' : given === undefined || given === null ? '1' : plain(given);

/** By path. */
export const VALUES: ReadonlyMap<string, ValueRule> = new Map([
  ['Name', value('Name')],
  [`${CONTAINER}.Image`, value('Image')],
  ['Mode.Replicated.Replicas', value('Replicas')],
  ['Mode.ReplicatedJob.TotalCompletions', value('Completions')],
  ['Mode.ReplicatedJob.MaxConcurrent', value('Tasks at the same time')],
  [`${CONTAINER}.Command`, command('Entrypoint', 'the image’s own')],
  [`${CONTAINER}.Args`, command('Arguments', 'the image’s own')],
  [`${CONTAINER}.Hostname`, value('Hostname', 'the container’s id')],
  [`${CONTAINER}.Dir`, value('Working directory', 'the image’s own')],
  [`${CONTAINER}.User`, value('User', 'the image’s own')],
  [`${CONTAINER}.Init`, truth('Init process')],
  [`${CONTAINER}.StopSignal`, value('Stop signal', 'the image’s own')],
  [`${CONTAINER}.StopGracePeriod`, duration('Stop grace period', '10s')],
  [`${CONTAINER}.TTY`, truth('Terminal')],
  [`${CONTAINER}.OpenStdin`, truth('Standard input')],
  [`${CONTAINER}.ReadOnly`, truth('Read-only file system')],
  [`${CONTAINER}.Isolation`, value('Isolation', 'default')],
  [`${CONTAINER}.OomScoreAdj`, value('OOM score adjustment', '0')],
  [`${HEALTH}.Test`, command('Health check', 'the image’s own')],
  [`${HEALTH}.Interval`, duration('Health check interval', '30s')],
  [`${HEALTH}.Timeout`, duration('Health check timeout', '30s')],
  [`${HEALTH}.StartPeriod`, duration('Health check start period')],
  [`${HEALTH}.StartInterval`, duration('Health check start interval', '5s')],
  [`${HEALTH}.Retries`, numberOr('Health check retries', '3', String)],
  [`${PLACEMENT}.MaxReplicas`, limit('Maximum replicas per node')],
  [`${RESOURCES}.Limits.NanoCPUs`, cpus('CPU limit')],
  [`${RESOURCES}.Limits.MemoryBytes`, memory('Memory limit')],
  [`${RESOURCES}.Limits.Pids`, limit('Process limit')],
  [`${RESOURCES}.Reservations.NanoCPUs`, cpus('Reserved CPUs')],
  [`${RESOURCES}.Reservations.MemoryBytes`, memory('Reserved memory')],
  ['TaskTemplate.RestartPolicy.Condition', value('Restart condition', 'any')],
  ['TaskTemplate.RestartPolicy.Delay', duration('Restart delay', '5s')],
  ['TaskTemplate.RestartPolicy.MaxAttempts', limit('Maximum restarts')],
  ['TaskTemplate.RestartPolicy.Window', duration('Restart window')],
  ...rollout('UpdateConfig', 'Update'),
  ...rollout('RollbackConfig', 'Rollback'),
  ['TaskTemplate.LogDriver.Name', value('Log driver', 'the engine’s own')],
  ['TaskTemplate.ForceUpdate', value('Forced restarts', '0')],
  ['TaskTemplate.Runtime', value('Runtime', 'container')],
  ['EndpointSpec.Mode', value('Endpoint mode', 'vip')],
]);

/** By path. */
export const LISTS: ReadonlyMap<string, ListRule> = new Map<string, ListRule>([
  [
    'EndpointSpec.Ports',
    { label: 'Published port', entries: (given) => counted(listOf(given, portWords)) },
  ],
  [`${CONTAINER}.Env`, { label: 'Variable', entries: envEntries, hidden: 'values' }],
  ['TaskTemplate.PluginSpec.Env', { label: 'Variable', entries: envEntries, hidden: 'values' }],
  [`${PLACEMENT}.Constraints`, texts('Constraint')],
  [
    `${PLACEMENT}.Preferences`,
    { label: 'Preference', entries: (given) => counted(listOf(given, preferenceWords)) },
  ],
  [
    `${PLACEMENT}.Platforms`,
    { label: 'Platform', entries: (given) => counted(listOf(given, platformWords)) },
  ],
  ['Labels', map('Label')],
  [`${CONTAINER}.Labels`, map('Container label')],
  [
    `${CONTAINER}.Mounts`,
    { ...objects('Mount', (mount) => textOf(partOf(mount)['Target'])), hidden: 'options' },
  ],
  [
    `${CONTAINER}.Secrets`,
    { ...objects('Secret', (secret) => textOf(partOf(secret)['SecretName'])), hidden: 'names' },
  ],
  [
    `${CONTAINER}.Configs`,
    { ...objects('Config', (config) => textOf(partOf(config)['ConfigName'])), hidden: 'names' },
  ],
  [`${CONTAINER}.Groups`, texts('Group')],
  [`${CONTAINER}.Hosts`, texts('Host entry')],
  [`${CONTAINER}.DNSConfig.Nameservers`, texts('Name server')],
  [`${CONTAINER}.DNSConfig.Search`, texts('DNS search domain')],
  [`${CONTAINER}.DNSConfig.Options`, texts('DNS option')],
  [`${CONTAINER}.CapabilityAdd`, texts('Added capability')],
  [`${CONTAINER}.CapabilityDrop`, texts('Dropped capability')],
  [`${CONTAINER}.Sysctls`, map('Kernel setting')],
  [`${CONTAINER}.Ulimits`, objects('Ulimit', (ulimit) => textOf(partOf(ulimit)['Name']))],
  ['TaskTemplate.LogDriver.Options', { ...map('Log option'), hidden: 'values' }],
  [
    'TaskTemplate.Networks',
    { ...objects('Network', (network) => textOf(partOf(network)['Target'])), hidden: 'options' },
  ],
  [
    `${RESOURCES}.Reservations.GenericResources`,
    objects(
      'Reserved resource',
      (resource) =>
        textOf(partOf(resource, 'DiscreteResourceSpec')['Kind']) ??
        textOf(partOf(resource, 'NamedResourceSpec')['Kind']),
    ),
  ],
]);
