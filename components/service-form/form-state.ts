import type { FormMode, PublishedPort, ServiceForm } from '@/lib/swarm/spec/form';
import { parseImage } from '@/lib/swarm/spec/image-reference';
import { wordsText } from '@/lib/swarm/spec/shell-words';
import { FIELD_NAMES, type FieldName } from './fields';

/** What is typed into the form of a service: every value as text. */
export interface FormState {
  values: Readonly<Record<FieldName, string>>;
  /** Of an update: asks the registry for the image's digest although its name stays. */
  resolveImage: boolean;
  ports: readonly PortRow[];
  constraints: readonly TextRow[];
  preferences: readonly TextRow[];
  env: readonly PairRow[];
  labels: readonly PairRow[];
  containerLabels: readonly PairRow[];
}

/** An entry of a list; `key` identifies it while it is edited. */
interface Row {
  key: string;
}
export interface PortRow extends Row {
  published: string;
  target: string;
  protocol: PublishedPort['protocol'];
  mode: PublishedPort['mode'];
}
export interface TextRow extends Row {
  text: string;
}
export interface PairRow extends Row {
  name: string;
  value: string;
  /** The service's value is not known to the page. It stays as it is while `value` is empty. */
  hidden: boolean;
}

let rows = 0;
const newKey = () => `${++rows}`;

export const newPort = (over: Partial<PortRow> = {}): PortRow => ({
  key: newKey(),
  published: '',
  target: '',
  protocol: 'tcp',
  mode: 'ingress',
  ...over,
});
export const newText = (text = ''): TextRow => ({ key: newKey(), text });
export const newPair = (name = '', value = ''): PairRow => ({
  key: newKey(),
  name,
  value,
  hidden: false,
});

export function modeOf({ values }: FormState): FormMode {
  return values.mode as FormMode;
}

const EMPTY: FormState = {
  values: {
    ...(Object.fromEntries(FIELD_NAMES.map((name) => [name, ''])) as Record<FieldName, string>),
    mode: 'replicated',
  },
  resolveImage: false,
  ports: [],
  constraints: [],
  preferences: [],
  env: [],
  labels: [],
  containerLabels: [],
};

/** The tutorial's echo service, with a name and a port that no service has yet. */
export function newService(
  services: readonly { name: string; ports: readonly { published: number | null }[] }[],
): FormState {
  const names = new Set(services.map(({ name }) => name));
  const taken = new Set(services.flatMap(({ ports }) => ports.map(({ published }) => published)));
  let name = 'goweb';
  for (let number = 2; names.has(name); number++) name = `goweb${number}`;
  let port = 8888;
  while (taken.has(port) && port < 65_535) port++;
  return {
    ...EMPTY,
    values: { ...EMPTY.values, name, image: 'carmeloc/goweb:1.0', replicas: '3' },
    ports: [newPort({ published: `${port}`, target: '8080' })],
  };
}

/** The form of a service as it is. `hidden`: the values of its environment are left out. */
export function stateOf(form: ServiceForm, hidden: boolean): FormState {
  const values: Record<FieldName, string> = { ...EMPTY.values };
  for (const name of FIELD_NAMES) values[name] = textOf(valueAt(form, name));
  values.image = withoutDigest(form.image);
  const pairs = (map: Readonly<Record<string, string>> | undefined) =>
    Object.entries(map ?? {}).map(([name, value]) => newPair(name, value));
  return {
    values,
    resolveImage: false,
    ports: (form.ports ?? []).map(({ published, target, protocol, mode }) =>
      newPort({ published: published ? `${published}` : '', target: `${target}`, protocol, mode }),
    ),
    constraints: (form.constraints ?? []).map(newText),
    preferences: (form.preferences ?? []).map(newText),
    env: pairs(form.env).map((row) => (hidden ? { ...row, value: '', hidden } : row)),
    labels: pairs(form.labels),
    containerLabels: pairs(form.containerLabels),
  };
}

/** A part of a request or form at a path such as `limits.cpus`. */
function valueAt(form: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], form);
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return wordsText(value);
  if (typeof value === 'number') return decimal(value);
  return typeof value === 'string' ? value : '';
}

/** Without an exponent: 0.0000001. */
function decimal(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : text;
}

/** The digest belongs to the tag at the time when the image was set: a changed tag gets a digest of its own. */
function withoutDigest(image: string): string {
  const parsed = parseImage(image);
  if ('error' in parsed || parsed.tag === null || parsed.digest === null) return image;
  return image.slice(0, image.lastIndexOf('@'));
}
