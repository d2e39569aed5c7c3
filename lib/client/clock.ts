import { createContext, useContext, useSyncExternalStore } from 'react';

/** The server's clock when it rendered the page: what hydration must agree with. */
export const ServerNow = createContext(0);

/** What time it is for the board and tables of a past moment (ms); null: the present. */
export const FixedNow = createContext<number | null>(null);

let offset = 0;
let now = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function tick() {
  if (document.hidden) return;
  now = Date.now() + offset;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
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
 * The oldest picture that may be called live (ms). A server that is heard says by itself when it
 * has none newer, but a laptop that was asleep has not heard it.
 */
export const LIVE_MOST = 7000;
let pictureAt: number | null = null;

/** Whether a picture of which the server says nothing bad is too old to be called live. */
export function isTooOld(at: number): boolean {
  return pictureAt !== null && at - pictureAt > LIVE_MOST;
}

/**
 * Sets how far the server's clock is ahead of this browser's, from its word on what time it is, and
 * when the picture was made (null: never).
 */
export function setServerClock(serverNow: number, madeAt: number | null) {
  const was = isTooOld(now);
  offset = serverNow - Date.now();
  pictureAt = madeAt;
  if (was) tick();
}

/** The time by the server's clock at this very moment, for handlers; components use `useNow`. */
export function serverNow(): number {
  return Date.now() + offset;
}

/**
 * The time by the server's clock, once a second while the tab is visible; one clock for all.
 * Ages are reckoned by it, so a browser with a wrong clock still shows right ones.
 */
export function useNow(): number {
  const first = useContext(ServerNow);
  const fixed = useContext(FixedNow);
  return useSyncExternalStore(
    subscribe,
    () => fixed ?? now,
    () => first,
  );
}

/**
 * Something reckoned from that time, such as the words for an age: the component renders only
 * when the result changes. `read` must give a string, number, boolean or null.
 */
export function useFromNow<T extends string | number | boolean | null>(
  read: (now: number) => T,
): T {
  const first = useContext(ServerNow);
  const fixed = useContext(FixedNow);
  return useSyncExternalStore(
    subscribe,
    () => read(fixed ?? now),
    () => read(first),
  );
}
