import { scaleOf, splitScale } from './changes';
import type { SwarmAction, SwarmChange } from './timeline-schemas';
import type { SwarmView } from './view';

/** A change that somebody makes through this dashboard. */
export interface Attribution {
  /** Who: `operator at 192.168.1.7`. */
  by: string;
  /** The service or node; null for one that is being created. */
  id: string | null;
  /**
   * Its version before the change; null or absent where it is not known. The engine refuses a change of another version, so
   * every view with a higher one has the change.
   */
  version?: number | null;
  /** Kinds of changes in the view that this becomes, each once. */
  kinds: readonly SwarmChange['kind'][];
  /** A view that missed the state which tells two kinds apart shows the one as the other. */
  mistaken?: { kind: SwarmChange['kind']; shownAs: SwarmChange['kind'] };
  /** The replicas before and after, if it changes them. A view with other replicas afterwards shows another change. */
  scaled?: { from: string; to: string };
  /** The service's image afterwards, as views have it; the same. */
  image?: string;
  /** Says more than the view's change of the entry's kind, and replaces its text. */
  replaces?: boolean;
  /**
   * What the timeline shows if no view shows it: labels, for one, are in none. Its `text` also identifies a service
   * that is being created.
   */
  entry: SwarmAction;
}

interface Pending extends Attribution {
  announcedAt: number;
  /** When the engine accepted it; null before. */
  acceptedAt: number | null;
  /** Whether a view has shown a part of it. */
  seen: boolean;
  /** Whether a view has had it, shown or not: what later views show is another change. */
  included: boolean;
  /** Resolves when the engine has accepted or refused it. */
  answered: Promise<void>;
}

type Attributed = SwarmChange & { by?: string };

/** What a view can have later than the rest of a change (a manager's role: 0.6 s). */
const LATE_KINDS: ReadonlySet<SwarmChange['kind']> = new Set(['promoted', 'demoted']);
/** An event's time by the dashboard's clock is right within this (ms). */
const CLOCK_MS = 1000;
/** Two polls of the engine are closer than that (ms). A background poll may come later, and is waited for. */
const SETTLE_MS = 3000;
/** More are not remembered: without viewers there may be no view for long. */
const MAX_PENDING = 1000;

/**
 * Attributes changes of the view to those who made them through this dashboard. One is announced before the engine is
 * called, because a view can have the change before the engine's answer has arrived.
 */
export class Attributions {
  #pending: Pending[] = [];

  /** Announces a change. The returned functions say how it ended; only the first call counts. */
  announce(
    attribution: Attribution,
    announcedAt = Number.NEGATIVE_INFINITY,
  ): { accepted: (at: number) => void; failed: () => void } {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const state = { announcedAt, acceptedAt: null, seen: false, included: false, answered };
    const pending: Pending = { ...attribution, ...state };
    this.#pending.push(pending);
    if (this.#pending.length > MAX_PENDING) this.#pending.shift();
    return {
      accepted: (at) => {
        pending.acceptedAt ??= at;
        answer();
      },
      failed: () => {
        if (pending.acceptedAt === null) this.#drop(pending);
        answer();
      },
    };
  }

  /**
   * The answers that say whose changes entities of these versions have: the engine has decided, but its answer has not
   * arrived. It is on its way, so wait for it before the view is attributed.
   */
  answersTo(versionOf: (id: string) => number | undefined): Promise<void>[] {
    return this.#pending.flatMap(({ id, version, acceptedAt, included, answered }) => {
      const isOpen = acceptedAt === null && !included && id !== null && !!version;
      return isOpen && (versionOf(id) ?? 0) > version ? answered : [];
    });
  }

  /**
   * A change that the view shows, with who made it; unchanged if it was not made here. A scale can be several, one after
   * the other.
   */
  attributed(change: SwarmChange, view: SwarmView): Attributed[] {
    const entity = change.taskId === null ? (change.serviceId ?? change.nodeId) : null;
    const matches = this.#pending.filter(
      (pending) =>
        pending.kinds.includes(change.kind) &&
        (pending.id === null ? pending.entry.text === change.text : pending.id === entity) &&
        canBeIn(view, pending, change.kind) &&
        leadsTo(pending, change),
    );
    // Of several between two views the last one stands.
    const found =
      matches.find(({ entry }) => entry.text === change.text) ??
      matches.findLast(({ acceptedAt }) => acceptedAt !== null) ??
      matches[0];
    if (!found) return [this.#mistaken(change, view)];
    this.#take(found, change.kind);
    const { by, scaled } = found;
    const parts = scaled && splitScale(change, scaled.from);
    if (!parts) return [made(found, change)];
    const [earlier, last] = parts;
    return [...this.attributed(earlier, view), { ...last, by }];
  }

  /**
   * A change that no view shows, by an event of this time. `all`: the times of every such change of the service since the
   * view before, the shown ones included: each is made by the one whose change was accepted nearest to it.
   */
  attributedAt(change: SwarmChange, time: number, all: readonly number[]): Attributed {
    const found = this.#pending.find(
      ({ id, kinds, announcedAt, acceptedAt }) =>
        id === change.serviceId &&
        kinds.includes(change.kind) &&
        acceptedAt !== null &&
        time >= announcedAt - CLOCK_MS &&
        time <= acceptedAt + CLOCK_MS &&
        all.every((other) => Math.abs(other - acceptedAt) >= Math.abs(time - acceptedAt)),
    );
    if (!found) return change;
    this.#take(found, change.kind);
    return made(found, change);
  }

  /** A change that is another one than the view shows. */
  #mistaken(change: SwarmChange, view: SwarmView): Attributed {
    const found = this.#pending.find(
      (pending) =>
        pending.mistaken?.shownAs === change.kind &&
        pending.id === change.serviceId &&
        pending.acceptedAt !== null &&
        pending.kinds.includes(pending.mistaken.kind) &&
        canBeIn(view, pending, change.kind) &&
        leadsTo(pending, change),
    );
    if (!found?.mistaken) return change;
    const { by, entry, mistaken } = found;
    this.#take(found, mistaken.kind);
    return { ...change, kind: mistaken.kind, text: entry.text, bad: entry.bad, by };
  }

  /** Takes a part of a change: each is shown once. */
  #take(pending: Pending, kind: SwarmChange['kind']): void {
    pending.seen = true;
    pending.kinds = pending.kinds.filter((one) => one !== kind);
    if (pending.kinds.length === 0) this.#drop(pending);
  }

  /** Call it once per view, after its changes were attributed: what it has is in no later one. */
  viewed(view: SwarmView): void {
    for (const pending of this.#pending) pending.included ||= includes(view, pending) === true;
  }

  /** Changes that no view until `at` has shown, although the engine accepted them a while ago. */
  unseen(at: number): { entry: SwarmAction; at: number; by: string }[] {
    const overdue = this.#pending.filter(
      ({ acceptedAt }) => acceptedAt !== null && Math.abs(at - acceptedAt) >= SETTLE_MS,
    );
    for (const one of overdue) this.#drop(one);
    return (
      overdue
        // A view that has shown another part of it, such as the number of replicas, does not show labels.
        .filter(({ seen, kinds, entry }) => !seen || kinds.some((kind) => kind === entry.kind))
        .map(({ entry, acceptedAt, by }) => ({ entry, at: acceptedAt ?? at, by }))
    );
  }

  #drop(pending: Pending): void {
    this.#pending = this.#pending.filter((one) => one !== pending);
  }
}

/** A view's change with who made it. */
function made({ by, entry, replaces }: Pending, change: SwarmChange): Attributed {
  return replaces && entry.kind === change.kind
    ? { ...change, text: entry.text, by }
    : { ...change, by };
}

/** Whether a view has a change; null if it is not known. */
function includes(view: SwarmView, { id, version }: Pending): boolean | null {
  const isIt = (one: { id: string }) => one.id === id;
  const shown = view.services.find(isIt) ?? view.nodes.find(isIt);
  // A version of 0 could not be read.
  return !shown?.version || !version ? null : shown.version > version;
}

/** Whether a view can be the first to show a change of the kind that was made here. */
function canBeIn(view: SwarmView, pending: Pending, kind: SwarmChange['kind']): boolean {
  if (pending.included) return LATE_KINDS.has(kind);
  // Another change of the same version can be the one that was made.
  if (pending.version && pending.acceptedAt === null) return false;
  // Which tasks have an old template is read after the services.
  return kind === 'updated' || includes(view, pending) !== false;
}

/** Whether a service is after a change that was made here as the view shows it. */
function leadsTo({ scaled, image }: Pending, change: SwarmChange): boolean {
  if (change.kind === 'scaled') return !scaled || scaleOf(change)?.to === scaled.to;
  if (change.kind !== 'updated' || image === undefined) return true;
  const shown = / was updated to (.*)$/s.exec(change.text)?.[1];
  return shown === undefined || shown === image;
}
