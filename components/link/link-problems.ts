import { useSyncExternalStore } from 'react';

let problems: readonly string[] = [];
const listeners = new Set<() => void>();

function update(next: readonly string[]) {
  problems = next;
  for (const listener of listeners) listener();
}

/** Reports a part of the page's address that cannot be shown: one sentence. */
export function reportLinkProblem(text: string) {
  if (!problems.includes(text)) update([...problems, text]);
}

export function dismissLinkProblems() {
  update([]);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const NONE: readonly string[] = [];

/** The parts of the page's address that cannot be shown. */
export function useLinkProblems(): readonly string[] {
  return useSyncExternalStore(
    subscribe,
    () => problems,
    () => NONE,
  );
}
