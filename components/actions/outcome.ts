import { useSyncExternalStore } from 'react';
import type { SpecDifference } from '@/lib/swarm/spec/difference';
import type { ServiceView } from '@/lib/swarm/view';
import type { Action } from './action-store';
import { shownUntil, type NoteLife } from './outcome-life';

/** What a change did, as the note after it shows it. */
export interface Outcome {
  /** One sentence: `goweb is being updated.` */
  text: string;
  /** The service that was changed, as it was before; its own state follows the text once it is another one. */
  service?: Pick<ServiceView, 'id' | 'version'>;
  /** The id of the node that is being drained. */
  drains?: string;
  /** In place of the text once the service has converged, or the node has no tasks: `goweb is updated.` */
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

let latest: (NoteLife & { outcome: Outcome; text: string }) | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** Shows what a change did, until it is dismissed, the next action is opened, or after a while. */
export function reportOutcome(outcome: Outcome | null): void {
  const now = performance.now();
  latest = outcome && {
    outcome,
    text: outcome.text,
    changedAt: now,
    textAt: now,
    held: false,
    leftAt: null,
  };
  schedule();
  for (const listener of listeners) listener();
}

/** Notes the text that is shown of it now: a new one is shown as long as the first, to a bound. */
export function reportOutcomeText(text: string): void {
  if (!latest || latest.text === text) return;
  latest = { ...latest, text, textAt: performance.now() };
  schedule();
}

/** Keeps the note while it is read. */
export function holdOutcome(held: boolean): void {
  if (!latest || latest.held === held) return;
  latest = { ...latest, held, leftAt: held ? latest.leftAt : performance.now() };
  schedule();
}

/** Not in the note, because it is mounted again when details are opened or closed. */
function schedule(): void {
  clearTimeout(timer);
  const until = latest ? shownUntil(latest) : Infinity;
  if (until !== Infinity) timer = setTimeout(() => reportOutcome(null), until - performance.now());
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** What the last change did; null: nothing to show. */
export function latestOutcome(): Outcome | null {
  return latest?.outcome ?? null;
}

/** The same, in a component. */
export function useOutcome(): Outcome | null {
  return useSyncExternalStore(subscribe, latestOutcome, () => null);
}
