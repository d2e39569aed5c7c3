import { parseWords } from '@/lib/swarm/spec/shell-words';
import { FIELD_NAMES, FIELDS, isShown, type FieldName, type FieldRule } from './fields';
import { modeOf, type FormState, type PairRow, type PortRow, type TextRow } from './form-state';

/** A request's body made of a form's texts, not checked yet. */
export interface RequestBody {
  body: Readonly<Record<string, unknown>>;
  /** The form's fields by their paths in the body: `constraints.add.0` is `constraints.KEY`. */
  places: ReadonlyMap<string, string>;
}

class BodyBuilder {
  readonly body: Record<string, unknown> = {};
  readonly places = new Map<string, string>();

  /** Sets a value at a path such as `limits.cpus`. */
  set(path: string, value: unknown): void {
    this.places.set(path, path);
    const [first = '', second] = path.split('.');
    if (second === undefined) this.body[first] = value;
    else this.body[first] = { ...(this.body[first] as object | undefined), [second]: value };
  }

  texts(path: string, list: string, rows: readonly TextRow[]): string[] {
    return rows.map(({ key, text }, at) => {
      this.places.set(`${path}.${at}`, `${list}.${key}`);
      return text.trim();
    });
  }

  ports(path: string, rows: readonly PortRow[]): object[] {
    return rows.map(({ key, target, published, protocol, mode }, at) => {
      for (const part of ['target', 'published', 'protocol', 'mode']) {
        this.places.set(`${path}.${at}.${part}`, `ports.${key}.${part}`);
      }
      const port = published.trim() === '' ? {} : { published: numberOf(published) };
      return { target: numberOf(target), ...port, protocol, mode };
    });
  }

  pairs(list: string, rows: readonly PairRow[]): [string, string][] {
    return rows.map(({ key, name, value }) => {
      this.places.set(`${list}.${name}`, `${list}.${key}.name`);
      return [name, value];
    });
  }
}

const PAIR_LISTS = ['env', 'labels', 'containerLabels'] as const;
const TEXT_LISTS = ['constraints', 'preferences'] as const;

/** The body that creates a service. Fields that its mode does not have are left out. */
export function createBody(state: FormState): RequestBody {
  const builder = new BodyBuilder();
  const mode = modeOf(state);
  for (const name of FIELD_NAMES) {
    if (!isShown(name, mode, 'create')) continue;
    const value = valueOf(name, state.values[name]);
    if (value !== undefined) builder.set(name, value);
  }
  if (state.ports.length > 0) builder.set('ports', builder.ports('ports', state.ports));
  for (const list of TEXT_LISTS) {
    if (state[list].length > 0) builder.set(list, builder.texts(list, list, state[list]));
  }
  for (const list of PAIR_LISTS) {
    if (state[list].length === 0) continue;
    builder.set(list, Object.fromEntries(builder.pairs(list, state[list])));
  }
  return builder;
}

/**
 * The body that changes a service from the form as it was loaded to the form as it is: what differs, and nothing else.
 * A hidden value is never part of it.
 */
export function patchBody(loaded: FormState, state: FormState): RequestBody {
  const builder = new BodyBuilder();
  const mode = modeOf(loaded);
  for (const name of FIELD_NAMES) {
    const text = state.values[name].trim();
    if (!isShown(name, mode, 'update') || text === loaded.values[name].trim()) continue;
    const { ifEmpty }: FieldRule = FIELDS[name];
    builder.set(name, valueOf(name, text) ?? valueOf(name, ifEmpty ?? '', true));
  }
  if (state.resolveImage) builder.set('image', state.values.image.trim());
  for (const list of TEXT_LISTS) {
    const before = new Set(loaded[list].map(textIn));
    const after = new Set(state[list].map(textIn));
    const added = state[list].filter((row) => !before.has(textIn(row)));
    const add = builder.texts(`${list}.add`, list, added);
    const remove = [...before].filter((text) => !after.has(text));
    setChanges(builder, list, add, remove);
  }
  const { add, remove } = portChanges(loaded.ports, state.ports);
  setChanges(builder, 'ports', builder.ports('ports.add', add), remove);
  for (const list of PAIR_LISTS) {
    const before = new Map(loaded[list].map((row) => [row.name, row]));
    const names = new Set(state[list].map(({ name }) => name));
    const removed = [...before.keys()].filter((name) => !names.has(name));
    const set = state[list].filter((row) => isChanged(before.get(row.name), row));
    if (removed.length + set.length === 0) continue;
    builder.set(
      list,
      Object.fromEntries([
        ...removed.map((name) => [name, null] as const),
        ...builder.pairs(list, set),
      ]),
    );
  }
  return builder;
}

/** Whether anything would be sent. */
export function isChangedForm(loaded: FormState, state: FormState): boolean {
  return Object.keys(patchBody(loaded, state).body).length > 0;
}

function isChanged(before: PairRow | undefined, row: PairRow): boolean {
  if (row.hidden) return row.value !== '';
  return !before || before.hidden || before.value !== row.value;
}

const textIn = ({ text }: TextRow) => text.trim();

function setChanges(builder: BodyBuilder, list: string, add: unknown[], remove: unknown[]): void {
  if (add.length + remove.length === 0) return;
  builder.set(list, {
    ...(add.length > 0 && { add }),
    ...(remove.length > 0 && { remove }),
  });
}

/** Docker removes published ports by target, protocol and mode: all that share these, so the others are added again. */
function portChanges(before: readonly PortRow[], after: readonly PortRow[]) {
  const whole = ({ published, target, protocol, mode }: PortRow) =>
    [Number(published.trim()), target.trim(), protocol, mode].join('/');
  const group = ({ target, protocol, mode }: PortRow) => [target.trim(), protocol, mode].join('/');
  const kept = new Set(after.map(whole));
  const known = new Set(before.map(whole));
  const gone = new Map(
    before.filter((row) => !kept.has(whole(row))).map((row) => [group(row), row] as const),
  );
  return {
    add: after.filter((row) => !known.has(whole(row)) || gone.has(group(row))),
    remove: [...gone.values()].map(({ target, protocol, mode }) => ({
      target: numberOf(target),
      protocol,
      mode,
    })),
  };
}

/** A field's value; undefined where it is empty and need not be given. */
function valueOf(name: FieldName, text: string, given = false): unknown {
  const { kind, ifEmpty }: FieldRule = FIELDS[name];
  const trimmed = text.trim();
  if (trimmed === '' && ifEmpty !== undefined && !given) return undefined;
  switch (kind) {
    case 'number':
      return numberOf(trimmed);
    case 'words':
      // What cannot be read is reported by the form's own check.
      return parseWords(text) ?? [];
    default:
      return trimmed;
  }
}

/** NaN, which every schema rejects, where the text is no decimal number. */
function numberOf(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text.trim()) ? Number(text) : Number.NaN;
}
