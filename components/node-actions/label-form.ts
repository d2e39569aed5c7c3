import type { Label, LabelRule } from '@/lib/swarm/details';
import { patchNodeSchema, type NodePatch } from '@/lib/swarm/spec/node-form';
import { inSentence } from '@/lib/swarm/words';

/** What was edited: of a label that the node has its new value, or null where it is to be removed. */
export type Edits = ReadonlyMap<string, string | null>;

/** A label that is being added. */
export interface AddedLabel {
  /** Stays the same while it is edited. */
  key: number;
  name: string;
  value: string;
}

/** A line of the form. */
export interface LabelRow {
  /** Of a label that the node has its name, of an added one its key. */
  key: string;
  name: string;
  value: string;
  /** `kept`: as the node has it. */
  state: 'kept' | 'changed' | 'removed' | 'added';
  /** What is wrong with it, at the field that it is about. */
  nameError: string | null;
  valueError: string | null;
}

export interface LabelForm {
  rows: LabelRow[];
  /** What would be sent; null while something is wrong. */
  patch: Required<Pick<NodePatch, 'labels'>> | null;
  /** Whether anything differs from what the node has. */
  isChanged: boolean;
}

/** The form for what the node has now and what was edited. A new label without name and value does not count. */
export function labelForm(
  base: readonly Label[],
  edits: Edits,
  added: readonly AddedLabel[],
): LabelForm {
  const labels: Record<string, string | null> = Object.create(null) as Record<string, never>;
  const has = new Map(base.map(({ name, value }) => [name, value]));
  // A label that somebody else removed meanwhile is added again by a new value.
  const gone = [...edits].flatMap(([name, value]) =>
    value === null || has.has(name) ? [] : [{ name, value }],
  );
  const rows: LabelRow[] = [...base, ...gone].map(({ name, value }) => {
    const edited = edits.get(name);
    const next = edited === undefined ? value : edited;
    const isSame = next === value && has.has(name);
    if (!isSame) labels[name] = next;
    const state = isSame ? 'kept' : next === null ? 'removed' : 'changed';
    return { key: name, name, value: next ?? value, state, nameError: null, valueError: null };
  });
  const names = new Set(rows.filter(({ state }) => state !== 'removed').map(({ name }) => name));
  const twice: string[] = [];
  for (const { key, name, value } of added) {
    const row: LabelRow = {
      key: `+${key}`,
      name,
      value,
      state: 'added',
      nameError: null,
      valueError: null,
    };
    rows.push(row);
    if (name === '' && value === '') continue;
    if (names.has(name)) {
      row.nameError = `There is a label ${inSentence(name)} already.`;
      twice.push(name);
    } else labels[name] = value;
    names.add(name);
  }
  const checked = patchNodeSchema.safeParse({ labels });
  for (const { path, message } of checked.error?.issues ?? []) {
    const [, name] = path;
    const row = rows.findLast((one) => one.name === name && one.state !== 'kept');
    if (!row) continue;
    // The schema of a value never names a value that is missing.
    if (row.state === 'added' && isNameError(name)) row.nameError ??= message;
    else row.valueError ??= message;
  }
  const isChanged = Object.keys(labels).length > 0 || twice.length > 0;
  const isRight = checked.success && twice.length === 0;
  return { rows, patch: isRight && isChanged ? { labels: { ...labels } } : null, isChanged };
}

/** Whether the name itself is wrong, whatever its value. */
function isNameError(name: PropertyKey | undefined): boolean {
  return !patchNodeSchema.safeParse({ labels: { [String(name)]: '' } }).success;
}

/** Whether a node whose label has this value (null: none) satisfies a rule; null where the rule only prefers nodes. */
export function isMet(
  { value, equal }: Pick<LabelRule, 'value' | 'equal'>,
  has: string | null,
): boolean | null {
  if (value === null) return null;
  return ((has ?? '').toLowerCase() === value.toLowerCase()) === equal;
}

/** The labels that services look for and the node lacks, each once: to be added with a click. */
export function missingLabels(
  rules: readonly LabelRule[],
  rows: readonly Pick<LabelRow, 'name' | 'value' | 'state'>[],
): { name: string; value: string; services: string[] }[] {
  const has = (label: string, value: string) =>
    rows.some(
      (row) =>
        row.state !== 'removed' &&
        row.name === label &&
        row.value.toLowerCase() === value.toLowerCase(),
    );
  const missing = new Map<string, { name: string; value: string; services: string[] }>();
  for (const { label, value, equal, service } of rules) {
    // A rule with != is met by a node that lacks the label.
    if (value === null || !equal || has(label, value)) continue;
    const key = JSON.stringify([label, value]);
    const found = missing.get(key) ?? { name: label, value, services: [] };
    if (!found.services.includes(service)) found.services.push(service);
    missing.set(key, found);
  }
  return [...missing.values()];
}
