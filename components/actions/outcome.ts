import { useSyncExternalStore } from 'react';
import type { SpecDifference } from '@/lib/swarm/spec/difference';
import type { ServiceView } from '@/lib/swarm/view';
import type { Action } from './action-store';

/** What a change did, as the note after it shows it. */
export interface Outcome {
  /** One sentence: `goweb is being updated.` */
  text: string;
  /** The service that was changed, as it was before; its own state follows the text once it is another one. */
  service?: Pick<ServiceView, 'id' | 'version'>;
  /** In place of the text once the service has converged: `goweb is updated.` */
  done?: string;
  /** What differs now. */
  differences?: readonly SpecDifference[];
  /** What the engine remarked. */
  warnings?: readonly string[];
  /** What can be done next, a button each. */
  offers?: readonly { label: string; action: Action }[];
  /** The action that undoes it, where swarm can. */
  undo?: Action;
}

let latest: Outcome | null = null;
const listeners = new Set<() => void>();

/** Shows what a change did, until it is dismissed, the next action is opened, or after a while. */
export function reportOutcome(next: Outcome | null): void {
  latest = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** What the last change did; null: nothing to show. */
export function useOutcome(): Outcome | null {
  return useSyncExternalStore(
    subscribe,
    () => latest,
    () => null,
  );
}
