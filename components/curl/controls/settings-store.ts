'use client';

import { useSyncExternalStore } from 'react';
import { changeAddress } from '@/lib/client/page-address';
import { readLink, writeLink } from './settings-link';
import { DEFAULT_SETTINGS, parseRunSettings, type RunSettings } from './run-settings';

const KEY = 'clusterhat.curl';

/** The settings, and what was invalid in this page's address. */
interface StoredSettings {
  readonly settings: RunSettings;
  readonly problems: readonly string[];
}

const INITIAL: StoredSettings = { settings: DEFAULT_SETTINGS, problems: [] };
const listeners = new Set<() => void>();
let current: StoredSettings | undefined;

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

function scheduleAddress() {
  changeAddress('settings', (search) => (current ? writeLink(search, current.settings) : search));
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
