import { useSyncExternalStore } from 'react';
import { endEarlyInput, takeEarlyInput } from '@/lib/client/early-input';
import { readTarget, withTarget, type DetailsTarget } from './details-link';

/**
 * Which details are open. The page's address holds it: opening adds an entry to the browser's history, which closing or
 * the back button removes.
 */

/** Marks a history entry that opening the details added. */
const ADDED = 'clusterhatDetails';

let target: DetailsTarget | null | undefined;
/** The element that receives the focus after closing. */
let opener: HTMLElement | null = null;
/** The query string to have after the browser went back to the entry before the details. */
let searchAfterBack: string | null = null;
const listeners = new Set<() => void>();

function current(): DetailsTarget | null {
  if (target === undefined) target = readTarget(location.search);
  return target;
}

function set(next: DetailsTarget | null) {
  target = next;
  for (const listener of listeners) listener();
}

const url = (search: string) => `${location.pathname}${search}${location.hash}`;

function replaceSearch(search: string) {
  // With its own state kept, Next does not treat this as a navigation.
  if (search !== location.search) history.replaceState(history.state, '', url(search));
}

/** Opens the details of a target, in place of those that are open. `from` has the focus again after closing. */
export function openDetails(next: DetailsTarget, from: HTMLElement | null) {
  const search = withTarget(location.search, next);
  if (current()) replaceSearch(search);
  else history.pushState({ ...history.state, [ADDED]: true }, '', url(search));
  if (from) opener = from;
  set(next);
}

/** Closes the details. */
export function closeDetails() {
  const search = withTarget(location.search, null);
  const state = history.state as Record<string, unknown> | null;
  set(null);
  if (state?.[ADDED]) {
    searchAfterBack = search;
    history.back();
  } else replaceSearch(search);
}

/** The element that receives the focus after closing the details of `closed`. */
export function focusAfter(closed: DetailsTarget): HTMLElement | null {
  const from = opener?.isConnected ? opener : null;
  opener = null;
  return from ?? openerOf(closed) ?? document.querySelector<HTMLElement>(`[${OPENER}]`);
}

/** Attribute of the buttons on the board that open details. */
const OPENER = 'data-details';

/** The button on the board that opens these details. */
function openerOf({ kind, id }: DetailsTarget): HTMLElement | null {
  const name = CSS.escape(id);
  const places =
    kind === 'task'
      ? `[data-task]:is([data-task="${name}"],:has([title="${name}"]))`
      : `:is([data-id="${name}"],[data-node="${name}"]) h3`;
  return document.querySelector(`${places} [${OPENER}]`);
}

/** What a click on an element of the board opens, and the button for it; null: nothing. */
export function clickedTarget(
  element: Element | null,
): { target: DetailsTarget; opener: HTMLElement } | null {
  // Links and other buttons have their own meaning.
  const control = element?.closest('a, button, input, label, dialog, [popover]');
  if (!element || (control && !control.hasAttribute(OPENER))) return null;
  const place = element.closest('[data-task], h3');
  const found = place?.querySelector<HTMLElement>(`[${OPENER}]`);
  const {
    task,
    node = '',
    id = '',
  } = place?.closest<HTMLElement>('[data-task], [data-id]')?.dataset ?? {};
  if (!found) return null;
  if (task) return { target: { kind: 'task', id: task }, opener: found };
  // A name that other nodes cannot have reads better in a link.
  return { target: { kind: 'node', id: /^[\w.-]+$/.test(node) ? node : id }, opener: found };
}

function onPopState() {
  const search = searchAfterBack;
  searchAfterBack = null;
  // The other parameters may have changed meanwhile.
  if (search !== null && !readTarget(location.search)) replaceSearch(search);
  set(readTarget(location.search));
}

function onClick(event: MouseEvent) {
  // Text that was just selected is meant to be copied; the keyboard's clicks have no detail.
  const selected = event.detail > 0 && !getSelection()?.isCollapsed;
  if (event.defaultPrevented || selected) return;
  const clicked = event.target instanceof Element ? clickedTarget(event.target) : null;
  if (!clicked) return;
  openDetails(clicked.target, clicked.opener);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  if (listeners.size === 1) {
    document.addEventListener('click', onClick);
    addEventListener('popstate', onPopState);
    const early = takeEarlyInput(
      ({ type, target }) =>
        type === 'click' && target instanceof Element && clickedTarget(target) !== null,
    );
    if (early) onClick(early as MouseEvent);
    endEarlyInput();
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    document.removeEventListener('click', onClick);
    removeEventListener('popstate', onPopState);
  };
}

/** The target whose details are open; null: none. */
export function useDetailsTarget(): DetailsTarget | null {
  return useSyncExternalStore(subscribe, current, () => null);
}
