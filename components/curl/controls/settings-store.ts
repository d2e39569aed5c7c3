'use client';

import { useSyncExternalStore } from 'react';
import { readLink, writeLink } from './settings-link';
import { DEFAULT_SETTINGS, parseRunSettings, type RunSettings } from './run-settings';

const KEY = 'clusterhat.curl';
/** Delay (ms) before a change is written to the address: browsers limit the rate of such writes. */
const ADDRESS_DELAY_MS = 250;

/** The settings, and what was invalid in this page's address. */
interface StoredSettings {
  readonly settings: RunSettings;
  readonly problems: readonly string[];
}

const INITIAL: StoredSettings = { settings: DEFAULT_SETTINGS, problems: [] };
const listeners = new Set<() => void>();
let current: StoredSettings | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** The address (a shared link) has precedence over local storage. */
function read(): StoredSettings {
  if (current) return current;
  const { settings, problems } = readLink(location.search);
  current = { settings: settings ?? parseRunSettings(readStorage()), problems };
  if (current.settings !== DEFAULT_SETTINGS || problems.length > 0) scheduleAddress();
  return current;
}

function readStorage(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // Storage is blocked.
  }
}

function writeAddress() {
  timer = undefined;
  if (!current) return;
  const search = writeLink(location.search, current.settings);
  if (search === location.search) return;
  try {
    // With its own state kept, Next does not treat this as a navigation.
    history.replaceState(history.state, '', `${location.pathname}${search}${location.hash}`);
  } catch {
    // The browser's rate limit: the next change writes again.
  }
}

function scheduleAddress() {
  timer ??= setTimeout(writeAddress, ADDRESS_DELAY_MS);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Returns the settings from the page's address, or those stored in this browser. */
export function useStoredSettings(): StoredSettings {
  return useSyncExternalStore(subscribe, read, () => INITIAL);
}

/** Stores the settings for the next visit. */
export function storeSettings(settings: RunSettings) {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Storage is blocked: the settings last until the page is closed.
  }
}

/** Changes some settings, stores them, and writes them to the page's address. */
export function changeSettings(change: Partial<RunSettings>) {
  const settings = { ...read().settings, ...change };
  current = { settings, problems: [] };
  storeSettings(settings);
  scheduleAddress();
  for (const listener of listeners) listener();
}
