import { visibleText } from '../visible-text';
import { LISTS, VALUES, type ListRule, type ValueRule } from './difference-fields';
import { isOption, withoutOptions } from './hidden-values';
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
  /** Shows the values of the environment and of options, and which secrets and configs there are. */
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
  compareRest('', before, after, secrets, say);
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
  const hides = secrets ? undefined : hidden;
  // The names of what is no list of names are its values.
  const isNameless = hides === 'names' || (hides === 'values' && !(hasNames(from) && hasNames(to)));
  const named = (name: string) => (name === '' || isNameless ? label : `${label} ${cut(name)}`);
  const withoutHidden = (value: unknown) => (hides === 'options' ? withoutOptions(value) : value);
  const shownBefore = shownEntries(before, entries(withoutHidden(from)));
  const shownAfter = shownEntries(after, entries(withoutHidden(to)));
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(name), after.get(name)];
    if (old === now) continue;
    const kind = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
    const [shownOld, shownNow] = [shownBefore.get(name), shownAfter.get(name)];
    // With options alone different, the two look alike.
    const isHidden = hides === 'values' || hides === 'names' || shownOld?.value === shownNow?.value;
    const shown = (entry: ShownEntry | undefined) => (isHidden || !entry ? null : cut(entry.value));
    const isGiven = hidden === 'values' && given.has(name) && now !== undefined;
    say({
      path,
      label: named((shownNow ?? shownOld)?.name ?? name),
      kind,
      before: shown(shownOld),
      after: isGiven ? cut(now) : shown(shownNow),
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

interface ShownEntry {
  name: string;
  value: string;
}

/** What is shown of the entries of a list, by their own names; `shown` are the same entries without what is hidden. */
function shownEntries(
  all: ReadonlyMap<string, string>,
  shown: ReadonlyMap<string, string>,
): ReadonlyMap<string, ShownEntry> {
  const entries = [...shown].map(([name, value]) => ({ name, value }));
  return new Map(
    [...all.keys()].flatMap((name, at) => {
      const entry = entries[at];
      return entry ? [[name, entry]] : [];
    }),
  );
}

/** Whether a value is a map, a list of texts, or nothing. */
function hasNames(value: unknown): boolean {
  const isList = Array.isArray(value) && value.every((one) => typeof one === 'string');
  return isEmpty(value) || isRecord(value) || isList;
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
function compareRest(path: string, from: unknown, to: unknown, secrets: boolean, say: Say): void {
  if (LISTS.has(path) || VALUES.has(path)) return;
  if (isEmpty(from) && isEmpty(to)) return;
  if ((isRecord(from) || isEmpty(from)) && (isRecord(to) || isEmpty(to))) {
    const [old, now] = [isRecord(from) ? from : {}, isRecord(to) ? to : {}];
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
      const own = (part: RawSpec) => (Object.hasOwn(part, key) ? part[key] : undefined);
      compareRest(path === '' ? key : `${path}.${key}`, own(old), own(now), secrets, say);
    }
    return;
  }
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) {
    for (const [at, entry] of from.entries())
      compareRest(`${path}.${at}`, entry, to[at], secrets, say);
    return;
  }
  const [before, after] = [written(from), written(to)];
  if (before === after) return;
  const kind = from === undefined ? 'added' : to === undefined ? 'removed' : 'changed';
  const shown = (value: unknown) => {
    if (!secrets && isOption(path)) return null;
    const json = written(secrets ? value : withoutOptions(value));
    return json === undefined ? null : cut(json);
  };
  const [old, now] = [shown(from), shown(to)];
  const isAlike = old === now;
  say({ path, label: cut(path), kind, before: isAlike ? null : old, after: isAlike ? null : now });
}

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
