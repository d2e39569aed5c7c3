import type { SwarmAction, SwarmChange } from './timeline-schemas';

/** A change that somebody makes through this dashboard. */
export interface Attribution {
  /** Who: `operator at 192.168.1.7`. */
  by: string;
  /** The service or node; null for one that is being created. */
  id: string | null;
  /** Kinds of changes in the view that this becomes, each once. */
  kinds: readonly SwarmChange['kind'][];
  /** A view that missed the state which tells two kinds apart shows the one as the other. */
  mistaken?: { kind: SwarmChange['kind']; shownAs: SwarmChange['kind'] };
  /** Says more than the view's change of the entry's kind, and replaces its text. */
  replaces?: boolean;
  /**
   * What the timeline shows if no view shows it: labels, for one, are in none. Its `text` also identifies a service
   * that is being created.
   */
  entry: SwarmAction;
}

interface Pending extends Attribution {
  /** When the engine accepted it; null before. */
  acceptedAt: number | null;
  /** Whether a view has shown a part of it. */
  seen: boolean;
}

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
  announce(attribution: Attribution): { accepted: (at: number) => void; failed: () => void } {
    const pending: Pending = { ...attribution, acceptedAt: null, seen: false };
    this.#pending.push(pending);
    if (this.#pending.length > MAX_PENDING) this.#pending.shift();
    return {
      accepted: (at) => (pending.acceptedAt ??= at),
      failed: () => {
        if (pending.acceptedAt === null) this.#drop(pending);
      },
    };
  }

  /** The change with who made it; unchanged if nobody did it here. */
  attributed(change: SwarmChange): SwarmChange & { by?: string } {
    const entity = change.taskId === null ? (change.serviceId ?? change.nodeId) : null;
    const matches = this.#pending.filter(
      ({ id, kinds, entry }) =>
        kinds.includes(change.kind) && (id === null ? entry.text === change.text : id === entity),
    );
    // Of several between two views the last one stands.
    const found =
      matches.find(({ entry }) => entry.text === change.text) ??
      matches.findLast(({ acceptedAt }) => acceptedAt !== null) ??
      matches[0];
    if (!found) return this.#mistaken(change);
    found.seen = true;
    found.kinds = found.kinds.filter((kind) => kind !== change.kind);
    if (found.kinds.length === 0) this.#drop(found);
    const { by, entry, replaces } = found;
    return replaces && entry.kind === change.kind
      ? { ...change, text: entry.text, by }
      : { ...change, by };
  }

  /** A change that is another one than the view shows. */
  #mistaken(change: SwarmChange): SwarmChange & { by?: string } {
    const found = this.#pending.find(
      ({ id, acceptedAt, mistaken, kinds }) =>
        mistaken?.shownAs === change.kind &&
        id === change.serviceId &&
        acceptedAt !== null &&
        kinds.includes(mistaken.kind),
    );
    if (!found?.mistaken) return change;
    const { by, entry, mistaken } = found;
    found.seen = true;
    found.kinds = found.kinds.filter((kind) => kind !== mistaken.kind);
    if (found.kinds.length === 0) this.#drop(found);
    return { ...change, kind: mistaken.kind, text: entry.text, bad: entry.bad, by };
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
