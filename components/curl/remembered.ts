'use client';

import { useSyncExternalStore } from 'react';
import { DEFAULT_SETTINGS, parseSettings, type Settings } from './settings';

const KEY = 'clusterhat.curl';
const listeners = new Set<() => void>();
let present: Settings | undefined;

function read(): Settings {
  if (present) return present;
  let text: string | null = null;
  try {
    text = localStorage.getItem(KEY);
  } catch {
    // No storage allowed: the defaults it is.
  }
  return (present = parseSettings(text));
}

function write(settings: Settings) {
  present = settings;
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Then they last as long as the page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The controls as this browser remembers them. */
export function useSettings(): Settings {
  return useSyncExternalStore(subscribe, read, () => DEFAULT_SETTINGS);
}

/** Changes some of the controls, and remembers them. */
export function changeSettings(change: Partial<Settings>) {
  write({ ...read(), ...change });
}
