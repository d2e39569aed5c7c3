import { isRecord, partOf, textMap, type RawSpec } from './raw-spec';
import { byBytes, bytesSize, list, mapLines, number, shown } from './pretty-lines';

/**
 * `docker node inspect --pretty` (docker/cli cli/command/node/formatter.go, `nodeInspectPrettyTemplate`), from the
 * engine's JSON of a node, line by line.
 */
export function inspectNodePretty(node: RawSpec): string {
  const spec = partOf(node, 'Spec');
  const status = partOf(node, 'Status');
  const description = partOf(node, 'Description');
  const platform = partOf(description, 'Platform');
  const resources = partOf(description, 'Resources');
  const engine = partOf(description, 'Engine');
  const cpus = Math.trunc(number(resources['NanoCPUs']) / 1e9);
  const memory = number(resources['MemoryBytes']);
  const lines = [
    `ID:\t\t\t${shown(node['ID'])}`,
    ...optional('Name:\t\t\t', shown(spec['Name'])),
    ...mapLines('Labels:', textMap(spec['Labels']), ' - ', '='),
    `Hostname:              \t${shown(description['Hostname'])}`,
    `Joined at:             \t${goTime(shown(node['CreatedAt']))}`,
    'Status:',
    ` State:\t\t\t${capitalized(status['State'])}`,
    ...optional(' Message:              \t', capitalized(status['Message'])),
    ` Availability:         \t${capitalized(spec['Availability'])}`,
    ...optional(' Address:\t\t', shown(status['Addr'])),
    ...managerLines(node['ManagerStatus']),
    'Platform:',
    ` Operating System:\t${shown(platform['OS'])}`,
    ` Architecture:\t\t${shown(platform['Architecture'])}`,
    'Resources:',
    ` CPUs:\t\t\t${cpus}`,
    ` Memory:\t\t${memory === 0 ? '' : bytesSize(memory)}`,
    ...pluginLines(engine['Plugins']),
    `Engine Version:\t\t${shown(engine['EngineVersion'])}`,
    ...mapLines('Engine Labels:', textMap(engine['Labels']), ' - ', '='),
    ...tlsLines(partOf(description, 'TLSInfo')),
  ];
  return `${lines.join('\n')}\n`;
}

const optional = (title: string, value: string) => (value === '' ? [] : [title + value]);

/** The client's `PrettyPrint`: `Ready`. */
function capitalized(value: unknown): string {
  const text = shown(value);
  return text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
}

function managerLines(manager: unknown): string[] {
  if (!isRecord(manager)) return [];
  return [
    'Manager Status:',
    ` Address:\t\t${shown(manager['Addr'])}`,
    ` Raft Status:\t\t${capitalized(manager['Reachability'])}`,
    ` Leader:\t\t${manager['Leader'] === true ? 'Yes' : 'No'}`,
  ];
}

/** The names by type, as the node has reported them. */
function pluginLines(plugins: unknown): string[] {
  const names = new Map<string, string[]>();
  for (const plugin of list(plugins).filter(isRecord)) {
    const type = shown(plugin['Type']);
    names.set(type, [...(names.get(type) ?? []), shown(plugin['Name'])]);
  }
  if (names.size === 0) return [];
  const types = [...names.keys()].sort(byBytes);
  return ['Plugins:', ...types.map((type) => ` ${type}:\t\t${names.get(type)?.join(', ') ?? ''}`)];
}

function tlsLines(info: RawSpec): string[] {
  if (Object.values(info).every((value) => shown(value) === '')) return [];
  return [
    'TLS Info:',
    ' TrustRoot:',
    shown(info['TrustRoot']),
    ` Issuer Subject:\t${shown(info['CertIssuerSubject'])}`,
    ` Issuer Public Key:\t${shown(info['CertIssuerPublicKey'])}`,
  ];
}

const TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|([+-]\d\d):(\d\d))$/;

/** A time of JSON as Go's `String` prints it, in the client's lower case. */
function goTime(text: string): string {
  const [, date, time, fraction = '', hours, minutes = ''] =
    TIME.exec(text || '0001-01-01T00:00:00Z') ?? [];
  if (date === undefined || time === undefined) return text;
  const digits = fraction.replace(/0+$/, '');
  const seconds = digits === '' ? time : `${time}.${digits}`;
  const zone = hours === undefined ? '+0000 utc' : `${hours}${minutes} ${hours}${minutes}`;
  return `${date} ${seconds} ${zone}`;
}
