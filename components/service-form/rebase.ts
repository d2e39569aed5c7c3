import { FIELD_NAMES, type FieldName } from './fields';
import type { FormState, PairRow, PortRow, TextRow } from './form-state';

/**
 * What was typed, on top of a service that somebody else has changed meanwhile. `loaded` and `state` are the form as it
 * was loaded and as it is; `fresh` is the service's form now.
 */
export interface Rebased {
  loaded: FormState;
  state: FormState;
  /** Fields that both have changed, differently: what was typed is kept. */
  both: readonly string[];
}

interface Row {
  key: string;
}
interface RowKind<T extends Row> {
  /** Which entries of two lists are the same one. */
  id: (row: T) => string;
  isSame: (a: T, b: T) => boolean;
}

const TEXT: RowKind<TextRow> = {
  id: ({ text }) => text.trim(),
  isSame: (a, b) => a.text.trim() === b.text.trim(),
};
const PAIR: RowKind<PairRow> = {
  id: ({ name }) => name,
  // Two hidden values cannot be told apart.
  isSame: (a, b) => a.name === b.name && a.hidden === b.hidden && a.value === b.value,
};
const PORT: RowKind<PortRow> = {
  id: (row) => portText(row),
  isSame: (a, b) => portText(a) === portText(b),
};
const portText = ({ published, target, protocol, mode }: PortRow) =>
  [published.trim() || '0', target.trim(), protocol, mode].join('/');

export function rebase(loaded: FormState, state: FormState, fresh: FormState): Rebased {
  const both: string[] = [];
  const values: Record<FieldName, string> = { ...fresh.values };
  for (const name of FIELD_NAMES) {
    const [before, typed, now] = [loaded, state, fresh].map((one) => one.values[name].trim());
    if (typed === before || typed === now) continue;
    values[name] = state.values[name];
    if (now !== before) both.push(name);
  }
  const list = <T extends Row>(
    name: string,
    kind: RowKind<T>,
    pick: (from: FormState) => readonly T[],
  ) => {
    const merged = rebaseList(kind, pick(loaded), pick(state), pick(fresh));
    both.push(...merged.both.map((key) => `${name}.${key}`));
    return merged;
  };
  const lists = {
    ports: list('ports', PORT, ({ ports }) => ports),
    constraints: list('constraints', TEXT, ({ constraints }) => constraints),
    preferences: list('preferences', TEXT, ({ preferences }) => preferences),
    env: list('env', PAIR, ({ env }) => env),
    labels: list('labels', PAIR, ({ labels }) => labels),
    containerLabels: list('containerLabels', PAIR, ({ containerLabels }) => containerLabels),
  };
  return {
    loaded: {
      values: fresh.values,
      resolveImage: false,
      ports: lists.ports.loaded,
      constraints: lists.constraints.loaded,
      preferences: lists.preferences.loaded,
      env: lists.env.loaded,
      labels: lists.labels.loaded,
      containerLabels: lists.containerLabels.loaded,
    },
    state: {
      values,
      resolveImage: state.resolveImage,
      ports: lists.ports.state,
      constraints: lists.constraints.state,
      preferences: lists.preferences.state,
      env: lists.env.state,
      labels: lists.labels.state,
      containerLabels: lists.containerLabels.state,
    },
    both,
  };
}

function rebaseList<T extends Row>(
  { id, isSame }: RowKind<T>,
  loaded: readonly T[],
  state: readonly T[],
  fresh: readonly T[],
) {
  const both: string[] = [];
  const before = new Map(loaded.map((row) => [id(row), row]));
  const edited = new Map(state.map((row) => [row.key, row]));
  const now = new Set(fresh.map(id));
  const known = new Set(loaded.map(({ key }) => key));
  const added = new Map(
    state.filter(({ key }) => !known.has(key)).map((row) => [id(row), row] as const),
  );
  /** The fresh entries, with the keys that they have in the form. */
  const base: T[] = [];
  const merged: T[] = [];
  for (const row of fresh) {
    const old = before.get(id(row));
    const typed = old ? edited.get(old.key) : added.get(id(row));
    const key = old?.key ?? typed?.key ?? row.key;
    base.push({ ...row, key });
    // Added by somebody else.
    if (!old && !typed) merged.push(row);
    // Removed here.
    if (!typed) continue;
    const isTyped = !old || !isSame(old, typed);
    merged.push(isTyped ? typed : { ...row, key });
    if (isTyped && !isSame(typed, row) && (!old || !isSame(old, row))) both.push(key);
  }
  const placed = new Set(merged.map(({ key }) => key));
  for (const row of state) {
    if (placed.has(row.key)) continue;
    const old = loaded.find(({ key }) => key === row.key);
    // Removed by somebody else, and not touched here.
    if (old && isSame(old, row)) continue;
    merged.push(row);
    if (old && !now.has(id(old))) both.push(row.key);
  }
  return { loaded: base, state: merged, both };
}

/** The form with the values of its environment, which were hidden before. What was typed is kept. */
export function withValues(state: FormState, shown: FormState): FormState {
  const values = new Map(shown.env.map((row) => [row.name, row]));
  const env = state.env.map((row) => {
    const known = row.hidden ? values.get(row.name) : undefined;
    if (!known || known.hidden) return row;
    return { ...row, value: row.value === '' ? known.value : row.value, hidden: false };
  });
  return { ...state, env };
}
