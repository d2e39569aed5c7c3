import { humanDuration } from '../duration';
import { goDuration } from './go-duration';
import { withDefaults } from './default-values';
import { bytesSize, list, mapLines, number, shown } from './pretty-lines';
import { isRecord, modeOf, partOf, textMap, textOf, textsOf, type RawSpec } from './raw-spec';

export interface PrettyOptions {
  /** The time to which ages refer (ms). */
  now: number;
  /** Names of networks by id. */
  networks?: ReadonlyMap<string, string>;
}

/**
 * `docker service inspect --pretty` (docker/cli cli/command/service/formatter.go, `serviceInspectPrettyTemplate`), from
 * the engine's JSON of a service, line by line.
 */
export function inspectPretty(
  service: RawSpec,
  { now, networks = new Map() }: PrettyOptions,
): string {
  const spec = withDefaults(partOf(service, 'Spec'));
  const task = partOf(spec, 'TaskTemplate');
  const container = partOf(task, 'ContainerSpec');
  const lines: string[] = [
    '',
    `ID:\t\t${shown(service['ID'])}`,
    `Name:\t\t${shown(spec['Name'])}`,
    ...mapLines('Labels:', textMap(spec['Labels']), ' ', '='),
    ...modeLines(spec),
    ...updateStatusLines(partOf(service, 'UpdateStatus'), now),
    ...placementLines(partOf(task, 'Placement')),
    ...rolloutLines('UpdateConfig', 'Update order:      ', partOf(spec, 'UpdateConfig')),
    ...rolloutLines('RollbackConfig', 'Rollback order:    ', partOf(spec, 'RollbackConfig')),
    ...containerLines(container),
    ...logLines(task['LogDriver']),
    ...resourceLines(partOf(task, 'Resources')),
    ...networkLines(task['Networks'], networks),
    `Endpoint Mode:\t${shown(partOf(spec, 'EndpointSpec')['Mode'])}`,
    ...portLines(partOf(service, 'Endpoint')['Ports']),
    ...healthLines(container['Healthcheck']),
  ];
  return `${lines.join('\n')}\n\n`;
}

function modeLines(spec: RawSpec): string[] {
  const mode = modeOf(spec);
  const { Replicas } = partOf(spec, 'Mode', 'Replicated');
  if (mode === 'global') return ['Service Mode:\tGlobal'];
  if (mode !== 'replicated') return ['Service Mode:'];
  return [
    'Service Mode:\tReplicated',
    ...(typeof Replicas === 'number' ? [` Replicas:\t${Replicas}`] : []),
  ];
}

function updateStatusLines(status: RawSpec, now: number): string[] {
  const state = textOf(status['State']);
  if (state === undefined) return [];
  const ago = (at: unknown) => {
    const ms = Date.parse(shown(at));
    return Number.isNaN(ms) ? null : `${humanDuration(now - ms)} ago`;
  };
  const started = ago(status['StartedAt']);
  const completed = state === 'completed' ? ago(status['CompletedAt']) : null;
  return [
    'UpdateStatus:',
    ` State:\t\t${state}`,
    ...(started === null ? [] : [` Started:\t${started}`]),
    ...(completed === null ? [] : [` Completed:\t${completed}`]),
    ` Message:\t${shown(status['Message'])}`,
  ];
}

function placementLines(placement: RawSpec): string[] {
  const constraints = textsOf(placement['Constraints']);
  const preferences = list(placement['Preferences']).flatMap((one) =>
    isRecord(one) && one['Spread']
      ? [`spread=${shown(partOf(one, 'Spread')['SpreadDescriptor'])}`]
      : [],
  );
  const max = number(placement['MaxReplicas']);
  return [
    'Placement:',
    ...(constraints.length > 0 ? [` Constraints:\t[${constraints.join(' ')}]`] : []),
    ...(preferences.length > 0 ? [` Preferences:   [${preferences.join(' ')}]`] : []),
    ...(max > 0 ? [` Max Replicas Per Node:   ${max}`] : []),
  ];
}

function rolloutLines(title: string, order: string, config: RawSpec): string[] {
  const delay = number(config['Delay']);
  const monitor = number(config['Monitor']);
  return [
    `${title}:`,
    ` Parallelism:\t${number(config['Parallelism'])}`,
    ...(delay > 0 ? [` Delay:\t\t${goDuration(delay)}`] : []),
    ` On failure:\t${shown(config['FailureAction'])}`,
    ...(monitor > 0 ? [` Monitoring Period: ${goDuration(monitor)}`] : []),
    ` Max failure ratio: ${goFloat(number(config['MaxFailureRatio']))}`,
    ` ${order}${shown(config['Order'])}`,
  ];
}

function containerLines(container: RawSpec): string[] {
  const args = textsOf(container['Args']);
  const env = textsOf(container['Env']);
  const { Init } = container;
  const files = (title: string, field: string, name: string) => {
    const all = list(container[field]);
    if (all.length === 0) return [];
    // A hidden one (hidden-values.ts) is a text.
    return [
      title,
      ...all.flatMap((one) => [
        ` Target:\t${textOf(one) ?? shown(partOf(one, 'File')['Name'])}`,
        `  Source:\t${textOf(one) ?? shown(partOf(one)[name])}`,
      ]),
    ];
  };
  return [
    'ContainerSpec:',
    ` Image:\t\t${shown(container['Image'])}`,
    ...(args.length > 0 ? [` Args:\t\t${args.map((one) => `${one} `).join('')}`] : []),
    ...(env.length > 0 ? [` Env:\t\t${env.map((one) => `${one} `).join('')}`] : []),
    ...(textOf(container['Dir']) === undefined ? [] : [` Dir:\t\t${textOf(container['Dir'])}`]),
    ...(typeof Init === 'boolean' ? [` Init:\t\t${Init}`] : []),
    ...(textOf(container['User']) === undefined ? [] : [` User: ${textOf(container['User'])}`]),
    ...capabilityLines(textsOf(container['CapabilityAdd']), textsOf(container['CapabilityDrop'])),
    ...mapLines('SysCtls:', textMap(container['Sysctls']), ' ', ': '),
    ...mapLines('Ulimits:', ulimits(container['Ulimits']), ' ', ': '),
    ...mountLines(list(container['Mounts']).filter(isRecord)),
    ...files('Configs:', 'Configs', 'ConfigName'),
    ...files('Secrets:', 'Secrets', 'SecretName'),
  ];
}

function capabilityLines(add: readonly string[], drop: readonly string[]): string[] {
  if (add.length + drop.length === 0) return [];
  return [
    'Capabilities:',
    ...(add.length > 0 ? [` Add: ${add.join(', ')}`] : []),
    ...(drop.length > 0 ? [` Drop: ${drop.join(', ')}`] : []),
  ];
}

function ulimits(value: unknown): Record<string, string> {
  return Object.fromEntries(
    list(value)
      .filter(isRecord)
      .map(({ Name, Soft, Hard }) => [shown(Name), `${number(Soft)}:${number(Hard)}`]),
  );
}

function mountLines(mounts: readonly RawSpec[]): string[] {
  if (mounts.length === 0) return [];
  return [
    'Mounts:',
    ...mounts.flatMap(({ Target, Source, ReadOnly, Type }) => [
      ` Target:\t${shown(Target)}`,
      `  Source:\t${shown(Source)}`,
      `  ReadOnly:\t${ReadOnly === true}`,
      `  Type:\t\t${shown(Type)}`,
    ]),
  ];
}

/** Ends with an empty line: the template has a line break too many. */
function logLines(driver: unknown): string[] {
  if (!isRecord(driver)) return [];
  const name = textOf(driver['Name']);
  return [
    'Log Driver:',
    ...(name === undefined ? [] : [` Name:\t\t${name}`]),
    ...mapLines(' LogOpts:', textMap(driver['Options']), '  ', ':       '),
    '',
  ];
}

function resourceLines(resources: RawSpec): string[] {
  const amounts = (title: string, part: RawSpec) => {
    const cpus = number(part['NanoCPUs']);
    const memory = number(part['MemoryBytes']);
    const pids = title === ' Limits:' ? number(part['Pids']) : 0;
    if (cpus <= 0 && memory <= 0 && pids <= 0) return [];
    return [
      title,
      ...(cpus > 0 ? [`  CPU:\t\t${goFloat(cpus / 1e9)}`] : []),
      ...(memory > 0 ? [`  Memory:\t${bytesSize(memory)}`] : []),
      ...(pids > 0 ? [`  PIDs:\t\t${pids}`] : []),
    ];
  };
  return [
    'Resources:',
    ...amounts(' Reservations:', partOf(resources, 'Reservations')),
    ...amounts(' Limits:', partOf(resources, 'Limits')),
  ];
}

/** Networks of a service that are named at most; the others are shown by their ids. */
const MOST_NETWORKS = 20;

/** The ids of a service's networks. */
export function networkIds(spec: RawSpec): string[] {
  const targets = networkTargets(partOf(spec, 'TaskTemplate')['Networks']);
  return [...new Set(targets)].filter((id) => id !== '').slice(0, MOST_NETWORKS);
}

function networkTargets(value: unknown): string[] {
  return list(value).map((one) => shown(partOf(one)['Target']));
}

function networkLines(value: unknown, names: ReadonlyMap<string, string>): string[] {
  const targets = networkTargets(value);
  if (targets.length === 0) return [];
  return [`Networks:${targets.map((id) => ` ${names.get(id) ?? id}`).join('')} `];
}

function portLines(value: unknown): string[] {
  const ports = list(value).filter(isRecord);
  if (ports.length === 0) return [];
  const lines = ports.flatMap((port) => [
    ` PublishedPort = ${number(port['PublishedPort'])}`,
    `  Protocol = ${shown(port['Protocol'])}`,
    `  TargetPort = ${number(port['TargetPort'])}`,
    `  PublishMode = ${shown(port['PublishMode'])}`,
  ]);
  return ['Ports:', ...withSpace(lines)];
}

/** The template leaves a space behind the last line. */
function withSpace(lines: readonly string[]): string[] {
  return lines.map((line, at) => (at === lines.length - 1 ? `${line} ` : line));
}

function healthLines(value: unknown): string[] {
  if (!isRecord(value)) return [];
  const tests = textsOf(value['Test']);
  return [
    ' Healthcheck:',
    `  Interval = ${goDuration(number(value['Interval']))}`,
    `  Retries = ${number(value['Retries'])}`,
    `  StartPeriod =\t${goDuration(number(value['StartPeriod']))}`,
    `  Timeout =\t${goDuration(number(value['Timeout']))}`,
    ...(tests.length > 0 ? ['  Tests:', ...withSpace(tests.map((one) => `\t Test = ${one}`))] : []),
  ];
}

/** A number as Go's `%v` prints it: with an exponent of at least two digits below 0.0001. */
function goFloat(value: number): string {
  const text = String(value);
  if (value !== 0 && Math.abs(value) < 1e-4) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return text;
}
