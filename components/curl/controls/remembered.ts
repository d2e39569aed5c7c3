'use client';

import { useSyncExternalStore } from 'react';
import { readLink, writeLink } from './link';
import { DEFAULT_SETTINGS, parseRunSettings, type RunSettings } from './run-settings';

const KEY = 'clusterhat.curl';
/** Typing is gathered for so long, in ms, before it goes to the address bar: browsers limit that. */
const GATHER = 250;

/** The controls, and what of this page's address could not be used. */
interface Remembered {
  readonly settings: RunSettings;
  readonly complaints: readonly string[];
}

const NOTHING: Remembered = { settings: DEFAULT_SETTINGS, complaints: [] };
const listeners = new Set<() => void>();
let present: Remembered | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** The address first, which somebody may have sent; else what was used last. */
function read(): Remembered {
  if (present) return present;
  const { settings, complaints } = readLink(location.search);
  present = { settings: settings ?? parseRunSettings(stored()), complaints };
  if (present.settings !== DEFAULT_SETTINGS || complaints.length > 0) showSoon();
  return present;
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    // No storage allowed: the defaults it is.
    return null;
  }
}

function show() {
  timer = undefined;
  if (!present) return;
  const search = writeLink(location.search, present.settings);
  if (search === location.search) return;
  try {
    // With its own state kept, Next takes it for no navigation.
    history.replaceState(history.state, '', `${location.pathname}${search}${location.hash}`);
  } catch {
    // A browser that has had too many of them: the next change tries again.
  }
}

function showSoon() {
  timer ??= setTimeout(show, GATHER);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The controls as the page's address says them, or as this browser remembers them. */
export function useRemembered(): Remembered {
  return useSyncExternalStore(subscribe, read, () => NOTHING);
}

/** Keeps the controls for the next visit: they were used. */
export function remember(settings: RunSettings) {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Then they last as long as the page.
  }
}

/** Changes some of the controls, remembers them, and puts them in the page's address. */
export function changeSettings(change: Partial<RunSettings>) {
  const settings = { ...read().settings, ...change };
  present = { settings, complaints: [] };
  remember(settings);
  showSoon();
  for (const listener of listeners) listener();
}
