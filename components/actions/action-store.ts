import { useSyncExternalStore } from 'react';
import { placeOf, type Place } from './keep-focus';

/** What a dialog of the page can do. Services, nodes and tasks are named by their ids. */
export type Action =
  | { kind: 'create' }
  /** The form of a service; `field`: the one to start at, by its name in `PATCH /api/services/{name}`. */
  | { kind: 'update'; service: string; field?: string }
  | { kind: 'restart'; service: string }
  | { kind: 'rollback'; service: string }
  | { kind: 'remove'; service: string }
  | { kind: 'inspect'; of: { service: string } | { node: string } | { task: string } }
  /** A change that is ready to be sent. `label` is its name: `Change image`. */
  | { kind: 'change-service'; service: string; patch: Record<string, unknown>; label: string }
  | { kind: 'node'; node: string; patch: Record<string, unknown> }
  | { kind: 'labels'; node: string }
  | { kind: 'remove-node'; node: string }
  /** `place`: the one of the HAT that the node is for; none for any other node. */
  | { kind: 'join'; place?: { name: string; port: string | null } }
  | {
      kind: 'logs';
      of: { service: string } | { task: string };
      /** A text to search. */
      find?: string;
      /** The answer of a run whose line is searched, by its request's id as `find`. */
      answer?: {
        n: number;
        /** When its run began (ms). */
        since: number;
        /** The task that answered and its node, by their names, and the task's id; null: unknown. */
        taskId: string | null;
        task: string | null;
        node: string | null;
        /** False: the request failed without an answer. */
        answered: boolean;
      };
    };

type Logs = Extract<Action, { kind: 'logs' }>;

let open: Action | null | undefined;
/** Stays open beside the dialogs of actions. */
let logs: Logs | null = null;
let opener: Place = placeOf(null);
const listeners = new Set<() => void>();

function set(next: Action | null, nextLogs = logs) {
  open = next;
  logs = nextLogs;
  for (const listener of listeners) listener();
}

/** Opens the dialog of an action, in place of one that is open. */
export function openAction(action: Action): void {
  if (action.kind === 'logs') {
    set(open ?? null, action);
    return;
  }
  const active = document.activeElement;
  // The note of what was changed goes when another dialog opens.
  if (!active?.closest('[data-outcome]')) opener = placeOf(active);
  set(action);
}

/** The control that opened the dialog; of one that was opened from the note of a change, what opened that change. */
export function openerOfAction(): Place {
  return opener;
}

/** Closes the open dialog. */
export function closeAction(): void {
  set(null);
}

/** Closes the logs. */
export function closeLogs(): void {
  set(open ?? null, null);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The action whose dialog is open; null: none; undefined: none was opened yet. */
export function useAction(): Action | null | undefined {
  return useSyncExternalStore(
    subscribe,
    () => open,
    () => undefined,
  );
}

/** The logs that are open; null: none. */
export function useOpenLogs(): Logs | null {
  return useSyncExternalStore(
    subscribe,
    () => logs,
    () => null,
  );
}
