import { useSyncExternalStore } from 'react';

/** What a dialog of the page can do. Services, nodes and tasks are named by their ids. */
export type Action =
  | { kind: 'create' }
  /** The form of a service; `field`: the one to start at, by its name in `PATCH /api/services/{name}`. */
  | { kind: 'update'; service: string; field?: string }
  | { kind: 'restart'; service: string }
  | { kind: 'rollback'; service: string }
  | { kind: 'remove'; service: string }
  | { kind: 'inspect'; service: string }
  /** A change that is ready to be sent. `label` is its name: `Change image`. */
  | { kind: 'change-service'; service: string; patch: Record<string, unknown>; label: string }
  | { kind: 'node'; node: string; patch: Record<string, unknown> }
  | { kind: 'labels'; node: string }
  | { kind: 'remove-node'; node: string }
  /** `place`: the one of the HAT that the node is for; none for any other node. */
  | { kind: 'join'; place?: { name: string; port: string | null } }
  | { kind: 'logs'; of: { service: string } | { task: string }; find?: string };

let open: Action | null | undefined;
const listeners = new Set<() => void>();

function set(next: Action | null) {
  open = next;
  for (const listener of listeners) listener();
}

/** Opens the dialog of an action, in place of one that is open. */
export function openAction(action: Action): void {
  set(action);
}

/** Closes the open dialog. */
export function closeAction(): void {
  set(null);
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
