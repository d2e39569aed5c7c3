import { useSyncExternalStore } from 'react';

/** How long a chip stays lit, and the minimum time between two renders (ms). */
const LIT = 140;
const FRAME = 50;

const litUntil = new Map<string, number>();
const listeners = new Map<string, Set<() => void>>();
let timer: ReturnType<typeof setTimeout> | undefined;
let changed = new Set<string>();
let deferrals = 0;

function notify() {
  timer = undefined;
  const now = performance.now();
  for (const [task, end] of litUntil) {
    if (end > now) continue;
    litUntil.delete(task);
    changed.add(task);
  }
  const tasks = changed;
  changed = new Set();
  for (const task of tasks) for (const listener of listeners.get(task) ?? []) listener();
  if (litUntil.size > 0) timer = setTimeout(notify, FRAME);
}

/** Lights the chips of tasks that have just answered, unless that is deferred (`deferLights`). */
export function lightAnswered(taskIds: readonly string[]) {
  if (deferrals === 0) light(taskIds);
}

/**
 * Defers the light until an answer's animation arrives at its task, which then calls `light`. Returns a
 * function that ends it.
 */
export function deferLights(): () => void {
  deferrals += 1;
  return () => {
    deferrals -= 1;
  };
}

/** Lights the chips of tasks; renders at most 20 times a second, however often it is called. */
export function light(taskIds: readonly string[]) {
  if (document.hidden) return;
  for (const task of taskIds) {
    if (!listeners.has(task)) continue;
    litUntil.set(task, performance.now() + LIT);
    changed.add(task);
  }
  if (changed.size > 0) timer ??= setTimeout(notify, 0);
}

/** Whether this task answered a moment ago. Renders only the component that asks. */
export function useIsLit(taskId: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const own = listeners.get(taskId) ?? new Set();
      listeners.set(taskId, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0) listeners.delete(taskId);
      };
    },
    () => litUntil.has(taskId),
    () => false,
  );
}
