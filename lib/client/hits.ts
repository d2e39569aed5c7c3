import { useSyncExternalStore } from 'react';

/** How long a chip stays lit, and the least time between two drawings (20 a second), in ms. */
const LIT = 140;
const FRAME = 50;

const until = new Map<string, number>();
const listeners = new Map<string, Set<() => void>>();
let timer: ReturnType<typeof setTimeout> | undefined;
let dirty = new Set<string>();

function draw() {
  timer = undefined;
  const now = performance.now();
  for (const [task, end] of until) {
    if (end > now) continue;
    until.delete(task);
    dirty.add(task);
  }
  const changed = dirty;
  dirty = new Set();
  for (const task of changed) for (const listener of listeners.get(task) ?? []) listener();
  if (until.size > 0) timer = setTimeout(draw, FRAME);
}

/** Lights the chips of tasks that have just answered, unless somebody holds that (`holdHits`). */
export function hit(taskIds: readonly string[]) {
  if (holders === 0) light(taskIds);
}

let holders = 0;

/** From now on answers are shown travelling and light their task when they arrive. Returns the end of that. */
export function holdHits(): () => void {
  holders += 1;
  return () => {
    holders -= 1;
  };
}

/** Lights the chips of tasks. Cheap to call often: drawn 20 times a second. */
export function light(taskIds: readonly string[]) {
  if (document.hidden) return;
  for (const task of taskIds) {
    if (!listeners.has(task)) continue;
    until.set(task, performance.now() + LIT);
    dirty.add(task);
  }
  if (dirty.size > 0) timer ??= setTimeout(draw, 0);
}

/** Whether this task is lit: it answered a moment ago. Only its own chip is drawn again. */
export function useHit(taskId: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const mine = listeners.get(taskId) ?? new Set();
      listeners.set(taskId, mine.add(listener));
      return () => {
        mine.delete(listener);
        if (mine.size === 0) listeners.delete(taskId);
      };
    },
    () => until.has(taskId),
    () => false,
  );
}
