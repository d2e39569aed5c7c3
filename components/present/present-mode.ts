'use client';

import { useSyncExternalStore } from 'react';
import { changeAddress, searchText } from '@/lib/client/page-address';

/** The page's parameter: `?present`, with a theme of its own `?present=light`. */
const NAME = 'present';

/** The stage's own theme; null: that of the page. */
export type StageTheme = 'dark' | 'light' | null;

const listeners = new Set<() => void>();
let shown: boolean | undefined;
let theme: StageTheme | undefined;
let left = false;

function isPresent(): boolean {
  return (shown ??= new URLSearchParams(location.search).has(NAME));
}

function stageTheme(): StageTheme {
  return (theme ??= parseStageTheme(new URLSearchParams(location.search).get(NAME)));
}

/** The theme of the parameter's value; of anything else null. */
export function parseStageTheme(value: string | null): StageTheme {
  return value === 'dark' || value === 'light' ? value : null;
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Whether the page is in present mode. `initial`: whether the server has rendered it so. */
export function usePresent(initial: boolean): boolean {
  return useSyncExternalStore(subscribe, isPresent, () => initial);
}

/** Whether this page has just left present mode; false the next time. */
export function wasPresent(): boolean {
  const was = left;
  left = false;
  return was;
}

/** Enters or leaves present mode, in the address too: a reload stays in it. */
export function setPresent(next: boolean) {
  if (next === isPresent()) return;
  shown = next;
  left = !next;
  write(next);
}

/** The stage's own theme. */
export function useStageTheme(): StageTheme {
  return useSyncExternalStore(subscribe, stageTheme, () => null);
}

/** Changes the stage's theme and not the page's; the address has it, so a reload keeps it. */
export function setStageTheme(next: 'dark' | 'light') {
  theme = next;
  write(true);
}

function write(present: boolean) {
  const value = stageTheme() ?? '';
  changeAddress(NAME, (search) => presentSearch(search, present ? value : null));
  for (const listener of listeners) listener();
}

/** The query string with the parameter's value, without a `=` when that is empty; null removes it. */
export function presentSearch(search: string, value: string | null): string {
  const query = new URLSearchParams(search);
  if (value === null) query.delete(NAME);
  else query.set(NAME, value);
  return searchText(query).replace(/([?&]present)=(?=&|$)/, '$1');
}
