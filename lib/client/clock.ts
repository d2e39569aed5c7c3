import { createContext, useContext, useSyncExternalStore } from 'react';

/** The server's time when it rendered the page, for hydration. */
export const ServerNow = createContext(0);

/** The time for the board and tables of a past view (ms); null: now. */
export const FixedNow = createContext<number | null>(null);

let offset = 0;
let now = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function tick() {
  if (document.hidden) {
    wasHidden = true;
    return;
  }
  now = Date.now() + offset;
  if (wasHidden) shownAt = now;
  wasHidden = false;
  for (const listener of listeners) listener();
}

/** Calls `listener` every second while the tab is visible; returns a function that unsubscribes. */
export function onTick(listener: () => void): () => void {
  listeners.add(listener);
  if (!timer) {
    now = Date.now() + offset;
    timer = setInterval(tick, 1000);
    document.addEventListener('visibilitychange', tick);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    document.removeEventListener('visibilitychange', tick);
  };
}

/**
 * Maximum age of a live view (ms): longer than the longest pause between two polls of a large swarm. The server
 * reports a stale view itself, but a laptop that was asleep did not receive that.
 */
export const MAX_LIVE_AGE = 12_000;
let viewAt: number | null = null;

/** A tab receives nothing while it is hidden, and the next view within this time after that (ms). */
const CATCH_UP_MS = 5000;
let wasHidden = false;
let shownAt = -Infinity;

/** Whether the view is too old to be shown as live; `catching up`: because the tab was hidden until just now. */
export function isTooOld(at: number): boolean | 'catching up' {
  if (viewAt === null || at - viewAt <= MAX_LIVE_AGE) return false;
  return at - shownAt < CATCH_UP_MS ? 'catching up' : true;
}

/** Sets the server's time, and the time of its last successful poll (null: none). */
export function setServerClock(serverNow: number, polledAt: number | null) {
  const wasTooOld = isTooOld(now) !== false;
  offset = serverNow - Date.now();
  viewAt = polledAt;
  if (wasTooOld) tick();
}

/** The current time by the server's clock, for event handlers; components use `useNow`. */
export function serverNow(): number {
  return Date.now() + offset;
}

/**
 * The time by the server's clock, updated every second while the tab is visible. Ages are relative to it, so
 * they are right even if the browser's clock is wrong.
 */
export function useNow(): number {
  const first = useContext(ServerNow);
  const fixed = useContext(FixedNow);
  return useSyncExternalStore(
    onTick,
    () => fixed ?? now,
    () => first,
  );
}

/** A value computed from that time, such as an age in words: the component renders only when it changes. */
export function useFromNow<T extends string | number | boolean | null>(
  read: (now: number) => T,
): T {
  const first = useContext(ServerNow);
  const fixed = useContext(FixedNow);
  return useSyncExternalStore(
    onTick,
    () => read(fixed ?? now),
    () => read(first),
  );
}
