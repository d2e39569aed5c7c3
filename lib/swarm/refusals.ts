import type { Notice } from './view';

/**
 * Calls of the engine that a proxy in front of it can refuse, by the switches of tecnativa/docker-socket-proxy, which
 * other proxies have taken over.
 */

/** What the dashboard reads, most important first. */
export const READ_SWITCHES = [
  'TASKS',
  'SERVICES',
  'NODES',
  'INFO',
  'EVENTS',
  'VERSION',
  'PING',
] as const;
/** A switch for something that the dashboard reads. */
export type ReadSwitch = (typeof READ_SWITCHES)[number];

/** What an operator can request. */
export const CHANGES = [
  'scale',
  // Also rollbacks and restarts.
  'update',
  // Also removals.
  'create',
  'drain',
  // Role, labels and availability of a node.
  'node',
  'remove-node',
  'kill',
  'join',
  'rotate',
] as const;
/** See `CHANGES`. */
export type Change = (typeof CHANGES)[number];

/** The calls that are refused now. */
export interface Refusals {
  reads: ReadonlySet<ReadSwitch>;
  /** The `reads` that were answered, but not with a list. */
  noLists?: ReadonlySet<ReadSwitch>;
  /** Changes that were refused when they were last tried, with the names of the switches. */
  changes: ReadonlyMap<Change, readonly string[]>;
}

/** Nothing is refused. */
export const NO_REFUSALS: Refusals = { reads: new Set(), changes: new Map() };

const READS: Record<ReadSwitch, string> = {
  TASKS: 'where tasks run, and how many, is unknown.',
  SERVICES:
    'only services with a task are shown, by their ids, and what they should run is unknown.',
  NODES: 'only nodes with a task are shown, by their ids, and which of them are down is unknown.',
  INFO: 'which node the engine is on is unknown.',
  EVENTS: 'changes are noticed by polling only, up to a second later.',
  VERSION: 'the version of the engine’s API is unknown.',
  PING: 'it takes longer to notice that a stuck engine responds again.',
};

/**
 * The switches that each change needs. `read`: those of what is read before the change, such as the service before
 * scaling.
 */
const CHANGE_SWITCHES: Record<
  Change,
  { what: string; switches: readonly string[]; read: readonly ReadSwitch[] }
> = {
  scale: { what: 'scaling', switches: ['POST'], read: ['SERVICES'] },
  update: { what: 'updates of services', switches: ['POST'], read: ['SERVICES'] },
  create: { what: 'new and removed services', switches: ['POST'], read: ['SERVICES'] },
  drain: { what: 'draining nodes', switches: ['POST'], read: ['NODES'] },
  node: { what: 'roles and labels of nodes', switches: ['POST'], read: ['NODES'] },
  'remove-node': { what: 'removing nodes', switches: ['POST'], read: ['NODES'] },
  kill: { what: 'killing tasks', switches: ['CONTAINERS', 'POST'], read: [] },
  join: { what: 'join commands', switches: ['SWARM'], read: [] },
  rotate: { what: 'new join tokens', switches: ['SWARM', 'POST'], read: [] },
};

/** Our own proxy names its switch in its answer: `ALLOW_SCALE`. */
const NAMED_SWITCH = /\bALLOW_[A-Z]{1,20}\b/;

/**
 * The switches, any of which can have refused a change. `answer`: the text of the refusal. `reading`: the read before
 * the change was refused.
 */
export function switchesOf(change: Change, answer: string, reading: boolean): readonly string[] {
  const named = NAMED_SWITCH.exec(answer)?.[0];
  if (named) return [named];
  return reading ? CHANGE_SWITCHES[change].read : CHANGE_SWITCHES[change].switches;
}

/** Why a change is refused, and what to do: a sentence each. */
export function changeRefusal(
  change: Change,
  switches: readonly string[],
): { detail: string; next: string } {
  return {
    detail: `A proxy in front of the engine refuses ${CHANGE_SWITCHES[change].what}: it needs ${enumerated(switches, 'and')}.`,
    next: setThese(switches),
  };
}

function setThese(switches: readonly string[]): string {
  return switches.length === 1
    ? 'Set this switch of the socket proxy to 1.'
    : 'Set these switches of the socket proxy to 1.';
}

/** Why each refused change cannot be requested now, and what to do: a text for its button. */
export function changeBlocks({
  reads,
  noLists,
  changes,
}: Refusals): Partial<Record<Change, string>> {
  const blocks: Partial<Record<Change, string>> = {};
  for (const change of CHANGES) {
    const unread = CHANGE_SWITCHES[change].read.filter(
      (name) => reads.has(name) && !noLists?.has(name),
    );
    const switches = unread.length > 0 ? unread : changes.get(change);
    if (!switches) continue;
    const { detail, next } = changeRefusal(change, switches);
    blocks[change] = `${detail} ${next}`;
  }
  return blocks;
}

/** Why nothing can be shown, where none of the lists can be read. */
export function allRefused(reads: ReadonlySet<ReadSwitch>): { detail: string; next: string } {
  const refused = READ_SWITCHES.filter((name) => reads.has(name));
  return {
    detail: `A proxy in front of the engine refuses ${enumerated(refused, 'and')}, so there is no swarm to show.`,
    next: `${setThese(refused)} For changes it needs POST too.`,
  };
}

/** The notices of what is refused. Each switch is named once. */
export function refusalNotices(refusals: Refusals): Notice[] {
  const reads = READ_SWITCHES.filter((name) => refusals.reads.has(name)).map((name) =>
    refusals.noLists?.has(name) ? noListNotice(name) : notice([name], READS[name]),
  );
  const groups = new Map<string, { switches: readonly string[]; what: string[] }>();
  for (const change of CHANGES) {
    const switches = refusals.changes.get(change);
    // The first one that is known to be refused explains all changes that need it.
    const known = switches?.find((name) => groups.has(name) || isRead(refusals, name));
    const first = known ?? switches?.[0];
    if (!switches || first === undefined || isRead(refusals, first)) continue;
    const group = groups.get(first) ?? { switches, what: [] };
    group.what.push(CHANGE_SWITCHES[change].what);
    groups.set(first, group);
  }
  const changes = [...groups.values()].map(({ switches, what }) =>
    notice(switches, `no ${enumerated(what, 'or')}.`),
  );
  return [...reads, ...changes];
}

function isRead({ reads }: Refusals, name: string): boolean {
  return (reads as ReadonlySet<string>).has(name);
}

function noListNotice(name: ReadSwitch): Notice {
  const list = name.toLowerCase();
  return {
    id: `left-out:${list}`,
    kind: 'left-out',
    text: `The engine's list of ${list} cannot be read: ${READS[name]}`,
    next: null,
    command: null,
  };
}

function notice(switches: readonly string[], consequence: string): Notice {
  return {
    id: `refused:${switches.join('+')}`,
    kind: 'refused',
    text: `A proxy refuses ${enumerated(switches, 'or')}: ${consequence}`,
    next: setThese(switches),
    command: null,
  };
}

/** All of them, however many, as each switch has to be named. */
function enumerated(names: readonly string[], last: 'and' | 'or'): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`;
}
