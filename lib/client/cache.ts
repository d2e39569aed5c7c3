import type { Access, PastView, Status } from '@/lib/api';
import type { Answer, Run, Second } from '@/lib/curl/run';
import type { SwarmView } from '@/lib/swarm/view';
import type { Gap, Span, TimelineEntry } from '@/lib/swarm/timeline-schemas';

/**
 * The page's live data by key. Separate keys let a component render only when the part that it reads changes.
 */
export interface LiveData {
  view: SwarmView | null;
  health: Health;
  viewAge: ViewAge;
  access: Access;
  /** The command that starts the dashboard. */
  command: string;
  /** The highest replica count that the server accepts. */
  maxReplicas: number;
  run: LiveRun | null;
  /** A past run that the curl panel shows instead. */
  openedRun: Run | null;
  timeline: TimelineHistory;
  past: PastView | null;
  /** Name of the service that the service panel was asked to show; before that the page's address names one. */
  chosenService: string;
  /** How long (ms) a service took from the acceptance of a change made here until it had converged, with its version then. */
  convergenceTime: { id: string; ms: number; version: number };
  /** What this page has requested of services and nodes and the view does not show yet, a sentence each, by their ids. */
  requested: Readonly<Record<string, string>>;
  /** Id of the service that the curl panel sends requests to; null for the default. */
  curled: string | null;
  /** The curl panel's Start and Stop, for buttons elsewhere; null while the panel is not loaded. */
  runControl: RunControl | null;
  link: ConnectionState;
  /** Whether the server is of another build than the page. */
  upgraded: boolean;
}

/** Holds the live data outside React; `useCached` subscribes a component to one key. */
export interface LiveCache {
  /** Undefined until the key was first written. */
  get<K extends keyof LiveData>(key: K): LiveData[K] | undefined;
  /** Writes what `change` returns for the value before, and notifies the key's subscribers. */
  update<K extends keyof LiveData>(
    key: K,
    change: (before: LiveData[K] | undefined) => LiveData[K],
  ): void;
  /** Returns a function that ends the subscription. */
  subscribe(key: keyof LiveData, listener: () => void): () => void;
}

export function createLiveCache(): LiveCache {
  const data: Partial<LiveData> = {};
  const listeners = new Map<keyof LiveData, Set<() => void>>();
  return {
    get: (key) => data[key],
    update(key, change) {
      data[key] = change(data[key]);
      for (const listener of listeners.get(key) ?? []) listener();
    },
    subscribe(key, listener) {
      const own = listeners.get(key) ?? new Set();
      listeners.set(key, own.add(listener));
      return () => void own.delete(listener);
    },
  };
}

/** The cache of this tab. On the server nothing is written to it: requests would share it. */
export const liveCache = createLiveCache();

/** The part of the server's status that rarely changes; `kind` includes problems that only the tab has. */
export interface Health {
  state: Status['state'];
  problem: { kind: string; detail: string; next?: string | undefined } | null;
}
/** The part that always changes: the times of the last poll and of the status. */
export type ViewAge = Pick<Status, 'at' | 'now'>;

export function healthOf({ state, problem }: Status): Health {
  return { state, problem };
}

export function viewAgeOf({ at, now }: Status): ViewAge {
  return { at, now };
}

/** Starts a run with the settings of the curl panel, or stops the active one. */
export interface RunControl {
  active: boolean;
  /** A request is pending. */
  busy: boolean;
  disabled: boolean;
  start: () => void;
  stop: () => void;
}

/** The shared run with its latest answers, oldest first. */
export interface LiveRun {
  run: Run;
  /** At most the last 600. */
  answers: readonly Answer[];
  /** Second by second, ascending; at most the last 60. */
  seconds: readonly Second[];
}

/**
 * This tab's connection to the dashboard's server: `lost` between two attempts, `silent` after five seconds
 * without a message, `refused` when the server rejects it with a reason.
 */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'silent' | 'refused';

/** The last hour while a page was open; each list oldest first. Spans that continue are in the view. */
export interface TimelineHistory {
  entries: readonly TimelineEntry[];
  spans: readonly Span[];
  gaps: readonly Gap[];
  /** Items before this time were dropped; null: the hour is complete. */
  forgottenUntil: number | null;
}
