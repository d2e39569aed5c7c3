import type { EngineNode } from '../engine-json';
import { groupBy } from '../group-by';

/**
 * Which node is in which place of the HAT. A place is an index: 0 is the controller's, 1 is port P1, and so on. Each
 * node has at most one place, each place at most one node, and the order of the engine's list does not matter.
 */

/** Node label with the port that the node is in: `ctrl`, `P1`, `P2` … */
export const PORT_LABEL = 'clusterhat.port';

/** The names of the places where `CLUSTERHAT_NODES` is not set. */
export const DEFAULT_PLACES: readonly string[] = ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'];

/** The highest port that a label may name: more than any stack of HATs has. */
const MAX_PORT = 40;

/** Hostnames of the controller: the tutorial's, those of the ClusterHAT's own images, and usual ones. */
const CONTROLLERS = ['ctrl', 'cbridge', 'cnat', 'controller', 'clusterhat'];
/** Hostnames of a Zero: the tutorial's, and that of the ClusterHAT's own images. */
const ZERO = /^(?:zero|p)([1-9]\d?)$/;
/** The HAT's own network: port X has the address X, the controller 254 (its bridge) or 253 (its fallback). */
const HAT_ADDRESS = /^172\.19\.18[01]\.(\d{1,3})$/;

/** What is wrong with the places; `nodes` are ids. */
export type PlaceProblem =
  /** No node matches any place. */
  | { readonly kind: 'unmatched'; readonly explicit: boolean }
  /** Several nodes, none of them down, have the label of one port: the first has the place. */
  | { readonly kind: 'label-twice'; readonly place: number; readonly nodes: readonly string[] }
  /** The label names no port. */
  | { readonly kind: 'label-unknown'; readonly node: string; readonly label: string }
  /** Several nodes, none of them down, have one hostname, so that some match no place. */
  | {
      readonly kind: 'same-name';
      readonly hostname: string;
      readonly count: number;
      readonly nodes: readonly string[];
    };

/** The places of the nodes. */
export interface HatPlaces {
  /** By node id. */
  readonly places: ReadonlyMap<string, number>;
  /** The part of `places` that was found without a label. */
  readonly guessed: ReadonlyMap<string, number>;
  /** For each place the hostname that is expected there, or the port's name; none where nothing matches. */
  readonly names: readonly string[];
  readonly problems: readonly PlaceProblem[];
}

/** No node has a place. */
const NO_PLACES: ReadonlyMap<string, number> = new Map();

type Rule = (node: EngineNode) => readonly number[];

/** `ctrl`, `P1` …: as in the label. */
export function portName(place: number): string {
  return place === 0 ? 'ctrl' : `P${place}`;
}

/** The place that a label names; null for none. */
export function placeOfLabel(label: string): number | null {
  const text = label.trim().toLowerCase();
  if (CONTROLLERS.includes(text)) return 0;
  const port = Number(/^p?(\d{1,2})$/.exec(text)?.[1] ?? Number.NaN);
  return port <= MAX_PORT ? port : null;
}

/**
 * Finds the nodes' places: by label, by `wanted` (`CLUSTERHAT_NODES`), by the usual hostnames, by the HAT's addresses,
 * by `before` (what was found at the last read: a hostname can change), and last the only manager as the controller.
 * Nodes that are not down come first, because a node that left and joined again is listed twice. `ownAddress`: of the
 * engine that answered, which is the node `hereId`.
 */
export function findPlaces(
  nodes: readonly EngineNode[],
  wanted: readonly string[],
  before: ReadonlyMap<string, number>,
  { hereId, ownAddress }: { hereId: string; ownAddress: string },
): HatPlaces {
  const explicit = wanted.join() !== DEFAULT_PLACES.join();
  const labelled = labelledPlaces(nodes);
  const count = Math.max(wanted.length, ...[...labelled.values()].map((place) => place + 1));
  const places = new Map<string, number>();
  const taken = new Set<number>();
  const take = (among: readonly EngineNode[], rule: Rule) => {
    for (const node of among) {
      if (places.has(node.ID)) continue;
      const place = rule(node).find((one) => one < count && !taken.has(one));
      if (place === undefined) continue;
      places.set(node.ID, place);
      taken.add(place);
    }
  };
  const sorted = nodes.toSorted(precedence);
  const groups = [sorted.filter(isLiving), sorted.filter((node) => !isLiving(node))];
  const takeBy = (rules: readonly Rule[]) => {
    for (const group of groups) for (const rule of rules) take(group, rule);
  };
  const byName = [(name: string) => name, lower, short].map((form): Rule => {
    const names = wanted.map(form);
    return (node) => {
      const hostname = form(hostnameOf(node));
      return names.flatMap((name, place) => (hostname && name === hostname ? place : []));
    };
  });
  take(sorted, ({ ID }) => placesIn(labelled, ID));
  const byLabel = new Set(places.keys());
  if (explicit) takeBy(byName);
  const isSet = places.size > 0;
  // Once a configured hostname was found, a place with an unusual hostname is reserved for that hostname.
  const isFree = (place: number) =>
    !explicit || !isSet || usualPlaces(wanted[place] ?? '').includes(place);
  takeBy([
    ...(explicit ? [] : byName),
    (node) => usualPlaces(hostnameOf(node)).filter(isFree),
    (node) =>
      addressesOf(node, node.ID === hereId ? ownAddress : '')
        .flatMap(placeOfAddress)
        .filter(isFree),
    ({ ID }) => placesIn(before, ID),
  ]);
  const zeroFound = [...taken].some((place) => place > 0);
  const managers = nodes.filter(({ Spec }) => Spec.Role === 'manager');
  if (zeroFound && managers.length === 1 && isFree(0)) take(managers, () => [0]);

  const living = groups[0] ?? [];
  const isHat = isSet || zeroFound || (places.size > 0 && living.every(({ ID }) => places.has(ID)));
  const problems = labelProblems(living, places);
  if (!isHat) {
    if (living.length > 0) problems.push({ kind: 'unmatched', explicit });
    return { places: NO_PLACES, guessed: NO_PLACES, names: [], problems };
  }
  return {
    places,
    guessed: new Map([...places].filter(([id]) => !byLabel.has(id))),
    names: explicit && isSet ? hatNames(count, wanted) : hatNames(count, usualNames(nodes, places)),
    problems: [...problems, ...namesakeProblems(living, places)],
  };
}

/**
 * By node id, the places of the labels. A node that left and joined again has lost its label: the one of its old entry,
 * which is down, counts, if the hostname or the address leaves no doubt that it is the same machine.
 */
function labelledPlaces(nodes: readonly EngineNode[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const node of nodes) {
    const place = placeOfLabel(labelOf(node) ?? '');
    if (place !== null) places.set(node.ID, place);
  }
  const inherited = new Map<string, Set<number>>();
  const living = nodes.filter(isLiving);
  for (const old of nodes) {
    const place = places.get(old.ID);
    if (isLiving(old) || place === undefined) continue;
    const namesakes = living.filter((node) => lower(hostnameOf(node)) === lower(hostnameOf(old)));
    const heirs = namesakes.filter((node) => namesakes.length === 1 || isSameAddress(node, old));
    const [heir] = heirs;
    if (!heir || heirs.length > 1 || hostnameOf(heir) === '' || places.has(heir.ID)) continue;
    inherited.set(heir.ID, (inherited.get(heir.ID) ?? new Set()).add(place));
  }
  for (const [id, [place, ...others]] of inherited) {
    if (place !== undefined && others.length === 0) places.set(id, place);
  }
  return places;
}

function labelProblems(
  living: readonly EngineNode[],
  places: ReadonlyMap<string, number>,
): PlaceProblem[] {
  const problems: PlaceProblem[] = [];
  const byPlace = new Map<number, string[]>();
  for (const node of living) {
    const label = labelOf(node);
    if (label === undefined) continue;
    const place = placeOfLabel(label);
    if (place === null) problems.push({ kind: 'label-unknown', node: node.ID, label });
    else byPlace.set(place, [...(byPlace.get(place) ?? []), node.ID]);
  }
  for (const [place, ids] of byPlace) {
    if (ids.length === 1) continue;
    const nodes = ids.toSorted(
      (a, b) => Number(places.get(b) === place) - Number(places.get(a) === place),
    );
    problems.push({ kind: 'label-twice', place, nodes });
  }
  return problems;
}

/** Hostnames that several nodes share (not down), where at least one has a place and at least one has none. */
function namesakeProblems(
  living: readonly EngineNode[],
  places: ReadonlyMap<string, number>,
): PlaceProblem[] {
  return [...groupBy(living, (node) => lower(hostnameOf(node)))].flatMap(
    ([, [first, ...others]]) => {
      const nodes = [first, ...others].flatMap((node) => (node ? node.ID : []));
      const without = nodes.filter((id) => !places.has(id));
      if (!first || hostnameOf(first) === '' || without.length === 0) return [];
      if (without.length === nodes.length) return [];
      const hostname = hostnameOf(first);
      return { kind: 'same-name' as const, hostname, count: nodes.length, nodes: without };
    },
  );
}

/** A name for each place: the expected hostname, or the port's where none is known. */
function hatNames(count: number, expected: readonly string[]): string[] {
  return Array.from({ length: count }, (_, place) => expected[place] ?? portName(place));
}

/**
 * The hostnames of a HAT whose nodes are named in the tutorial's way or in that of the ClusterHAT's own images. None if
 * they are named otherwise, or if some node has no place: it may be the one that is missing.
 */
function usualNames(nodes: readonly EngineNode[], places: ReadonlyMap<string, number>): string[] {
  if (nodes.some((node) => isLiving(node) && !places.has(node.ID))) return [];
  const zeros = nodes.flatMap((node) => {
    const place = places.get(node.ID) ?? 0;
    return place > 0 ? [[place, short(hostnameOf(node))] as const] : [];
  });
  const start = ['zero', 'p'].find(
    (one) => zeros.length === 0 || zeros.some(([place, name]) => name === `${one}${place}`),
  );
  if (start === undefined) return [];
  return DEFAULT_PLACES.map((name, place) => (place === 0 ? name : `${start}${place}`));
}

/** Sorts nodes: those that are not down first, by the time they joined; then those that are down, the newest first. */
function precedence(a: EngineNode, b: EngineNode): number {
  const [rank, other] = [RANKS[a.Status.State], RANKS[b.Status.State]];
  const joined = isLiving(a) ? a.CreatedAt - b.CreatedAt : b.CreatedAt - a.CreatedAt;
  return rank - other || joined || (a.ID < b.ID ? -1 : 1);
}

const RANKS: Record<EngineNode['Status']['State'], number> = {
  ready: 0,
  unknown: 1,
  disconnected: 1,
  down: 2,
};

function isLiving({ Status }: EngineNode): boolean {
  return Status.State !== 'down';
}

function labelOf({ Spec }: EngineNode): string | undefined {
  return Spec.Labels[PORT_LABEL];
}

function hostnameOf({ Description }: EngineNode): string {
  return Description?.Hostname ?? '';
}

const lower = (name: string) => name.toLowerCase();
/** Without its domain. */
const short = (name: string) => lower(name).replace(/\..*/s, '');

/** The place of a node of this hostname by the tutorial's names and by those of the ClusterHAT's images. */
function usualPlaces(hostname: string): number[] {
  const name = short(hostname);
  if (CONTROLLERS.includes(name)) return [0];
  const port = ZERO.exec(name)?.[1];
  return port === undefined ? [] : [Number(port)];
}

function addressesOf({ Status, ManagerStatus }: EngineNode, ownAddress: string): string[] {
  return [Status.Addr, ManagerStatus?.Addr.replace(/:\d+$/, '') ?? '', ownAddress];
}

function isSameAddress(a: EngineNode, b: EngineNode): boolean {
  return a.Status.Addr !== '' && a.Status.Addr === b.Status.Addr;
}

function placeOfAddress(address: string): number[] {
  const host = Number(HAT_ADDRESS.exec(address)?.[1] ?? Number.NaN);
  if (host === 253 || host === 254) return [0];
  return host > 0 ? [host] : [];
}

function placesIn(places: ReadonlyMap<string, number>, id: string): number[] {
  const place = places.get(id);
  return place === undefined ? [] : [place];
}
