import { visibleText } from '../visible-text';
import { LISTS, VALUES, type ListRule, type ValueRule } from './difference-fields';
import { isRecord, type RawSpec } from './raw-spec';

/** One difference of two specs. */
export interface SpecDifference {
  /** Where it is in the spec: `TaskTemplate.ContainerSpec.Image`. */
  path: string;
  /** What differs, in words: `Image`. */
  label: string;
  kind: 'added' | 'removed' | 'changed';
  /** Null where it was not there; also where it is hidden. */
  before: string | null;
  after: string | null;
  /** One line: `Image: carmeloc/goweb:1.0 → carmeloc/goweb:1.1`. */
  text: string;
}

export interface DifferenceOptions {
  /** Shows the values of the environment, and which secrets and configs there are. */
  secrets?: boolean;
  /** Variables whose new values the request itself has: these are shown to its sender in any case. */
  given?: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** Longest text of one value; an engine's can have any length. */
const LONGEST = 300;

/**
 * What differs between two specs of a service, field by field, in the order of a form; fields that this version does not
 * know come last, by their paths. Two specs that swarm treats alike have no difference.
 */
export function specDifference(
  before: RawSpec,
  after: RawSpec,
  { secrets = false, given = NONE }: DifferenceOptions = {},
): SpecDifference[] {
  const found: SpecDifference[] = [];
  const say = (difference: Omit<SpecDifference, 'text'>) => {
    found.push({ ...difference, text: sentence(difference) });
  };
  for (const [path, rule] of VALUES)
    compareValue(path, rule, valueAt(before, path), valueAt(after, path), say);
  for (const [path, rule] of LISTS) {
    compareList(path, rule, valueAt(before, path), valueAt(after, path), { secrets, given }, say);
  }
  compareRest('', before, after, say);
  for (const part of REPLACING) compareDefaults(part, before, after, found, say);
  const order = new Map([...VALUES, ...LISTS].map(([path], at) => [path, at]));
  const rank = ({ path }: SpecDifference) => order.get(path) ?? order.size;
  return found.sort((a, b) => rank(a) - rank(b));
}

type Say = (difference: Omit<SpecDifference, 'text'>) => void;

function compareValue(path: string, rule: ValueRule, from: unknown, to: unknown, say: Say): void {
  const before = rule.words(from);
  const after = rule.words(to);
  if (before === after || (isEmpty(from) && isEmpty(to))) return;
  const { label } = rule;
  // Two values that look alike, such as one image with two digests of which the ends are cut off.
  say({ path, label, kind: 'changed', before: cut(before), after: cut(after) });
}

function compareList(
  path: string,
  { label, entries, hidden }: ListRule,
  from: unknown,
  to: unknown,
  { secrets, given }: Required<DifferenceOptions>,
  say: Say,
): void {
  const before = entries(from);
  const after = entries(to);
  const isHidden = hidden !== undefined && !secrets;
  const named = (name: string) => {
    if (isHidden && hidden === 'names') return label;
    return name === '' ? label : `${label} ${cut(name)}`;
  };
  const shown = (value: string | undefined) =>
    value === undefined || isHidden ? null : cut(value);
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(name), after.get(name)];
    if (old === now) continue;
    const kind = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
    const isGiven = hidden === 'values' && given.has(name) && now !== undefined;
    say({
      path,
      label: named(name),
      kind,
      before: shown(old),
      after: isGiven ? cut(now) : shown(now),
    });
  }
  // An odd engine's: a single value in place of a list.
  if (Array.isArray(from) !== Array.isArray(to) && !isEmpty(from) && !isEmpty(to)) {
    say({ path, label, kind: 'changed', before: null, after: null });
  }
  const kept = (all: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>) =>
    [...all.keys()].filter((name) => other.has(name));
  const order = kept(after, before);
  if (kept(before, after).join('\0') !== order.join('\0')) {
    say({ path, label: `Order of ${label}`, kind: 'changed', before: null, after: null });
  }
}

/**
 * Parts of which swarm tells a written default from a missing one: a task with the other of the two is replaced
 * (swarmkit manager/orchestrator/task.go `IsTaskDirty`).
 */
const REPLACING = ['TaskTemplate.ContainerSpec.StopGracePeriod', 'TaskTemplate.RestartPolicy'];

/** A part that has swarm's defaults in one spec, and is missing in the other. */
function compareDefaults(
  part: string,
  before: RawSpec,
  after: RawSpec,
  found: readonly SpecDifference[],
  say: Say,
): void {
  const isIn = (path: string) => path === part || path.startsWith(`${part}.`);
  const isAdded = isMissing(valueAt(before, part));
  if (isAdded === isMissing(valueAt(after, part)) || found.some(({ path }) => isIn(path))) return;
  for (const [path, { label, words }] of VALUES) {
    const value = valueAt(isAdded ? after : before, path);
    if (!isIn(path) || isMissing(value)) continue;
    const shown = cut(words(value));
    const [old, now] = isAdded ? [null, shown] : [shown, null];
    say({ path, label, kind: isAdded ? 'added' : 'removed', before: old, after: now });
  }
}

const isMissing = (value: unknown) => value === undefined || value === null;

/** Everything that no rule above covers. */
function compareRest(path: string, from: unknown, to: unknown, say: Say): void {
  if (LISTS.has(path) || VALUES.has(path)) return;
  if (isEmpty(from) && isEmpty(to)) return;
  if ((isRecord(from) || isEmpty(from)) && (isRecord(to) || isEmpty(to))) {
    const [old, now] = [isRecord(from) ? from : {}, isRecord(to) ? to : {}];
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
      const own = (part: RawSpec) => (Object.hasOwn(part, key) ? part[key] : undefined);
      compareRest(path === '' ? key : `${path}.${key}`, own(old), own(now), say);
    }
    return;
  }
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) {
    for (const [at, entry] of from.entries()) compareRest(`${path}.${at}`, entry, to[at], say);
    return;
  }
  const [before, after] = [written(from), written(to)];
  if (before === after) return;
  const kind = from === undefined ? 'added' : to === undefined ? 'removed' : 'changed';
  say({ path, label: cut(path), kind, before: shownJson(before), after: shownJson(after) });
}

const shownJson = (json: string | undefined) => (json === undefined ? null : cut(json));
/** JSON with its keys in one order. */
function written(value: unknown): string | undefined {
  return JSON.stringify(value, (_, one: unknown) =>
    isRecord(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

function valueAt(spec: RawSpec, path: string): unknown {
  let value: unknown = spec;
  for (const key of path.split('.')) {
    value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

/** What Go leaves out of JSON. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function sentence({ label, kind, before, after }: Omit<SpecDifference, 'text'>): string {
  if (before !== null && after !== null) return `${label}: ${before} → ${after}`;
  const value = before ?? after;
  const words = value === null || value === '' ? '' : `: ${value}`;
  return `${label} ${kind}${words}`;
}

/** On one line, with its hidden characters escaped: they could make a value look like another one. */
function cut(text: string): string {
  const shown = visibleText(text.slice(0, LONGEST + 1));
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST - 1)}…` : shown;
}
