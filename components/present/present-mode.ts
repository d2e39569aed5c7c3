'use client';

import { useSyncExternalStore } from 'react';
import { changeAddress, searchText } from '@/lib/client/page-address';

/** The page's parameter: `?present`. */
const NAME = 'present';

const listeners = new Set<() => void>();
let shown: boolean | undefined;
let left = false;

function isPresent(): boolean {
  return (shown ??= new URLSearchParams(location.search).has(NAME));
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
  changeAddress(NAME, (search) => {
    const query = new URLSearchParams(search);
    if (next) query.set(NAME, '');
    else query.delete(NAME);
    return searchText(query).replace(`${NAME}=`, NAME);
  });
  for (const listener of listeners) listener();
}
