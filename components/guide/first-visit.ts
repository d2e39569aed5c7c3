import { useEffect, useState } from 'react';

const KEY = 'clusterhat.guide';

/** What only a person does, and the pause after the first of it (ms), so that nothing appears under a tap. */
const SIGNS = ['pointermove', 'pointerdown', 'wheel', 'keydown'] as const;
const PAUSE_MS = 800;

/** For a browser that stores nothing: once for each time the page is loaded. */
let shownHere = false;

/**
 * Whether to show the call-outs: at a first visit, once somebody uses the page and nothing is open over it. It has loaded by
 * then, and an unattended screen shows only the swarm.
 */
export function useCallOuts(): boolean {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!isFirstVisit()) return undefined;
    const used = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const start = () => {
      used.abort();
      const show = () => {
        const when = whenToShow(isOnPage);
        if (when === 'later') timer = setTimeout(show, PAUSE_MS);
        else if (when === 'now') setShown(true);
        else rememberVisit();
      };
      timer = setTimeout(show, PAUSE_MS);
    };
    for (const sign of SIGNS) {
      addEventListener(sign, start, { capture: true, passive: true, signal: used.signal });
    }
    // Before this code was there.
    if (scrollY > 0) start();
    return () => {
      used.abort();
      clearTimeout(timer);
    };
  }, []);
  return shown;
}

/** A dialog, details or a log over the page: they would cover what a call-out points to. */
const COVERS = 'dialog[open], [role="dialog"]';
/** The note of what was just changed. */
const OUTCOME = '[data-outcome]';
/** News of a paused update, with the ways out. */
const PAUSED = '[data-paused], [data-update$="paused"]';

/** When to show the call-outs. `has`: whether the page has an element. Never after a change: the user knows the page by then. */
export function whenToShow(has: (selector: string) => boolean): 'now' | 'later' | 'never' {
  if (has(OUTCOME)) return 'never';
  return [COVERS, PAUSED].some(has) ? 'later' : 'now';
}

/** Whether the page has the note of a change, or a paused update: what a call-out would lie over. */
export function hasNews(): boolean {
  return [OUTCOME, PAUSED].some(isOnPage);
}

function isOnPage(selector: string): boolean {
  return document.querySelector(selector) !== null;
}

/** Whether this browser has not shown the call-outs yet, and may now: not on a wall screen. */
function isFirstVisit(): boolean {
  return !shownHere && !isPresenting() && read() === null;
}

/** Call-outs that were shown once never return, dismissed or not. */
export function rememberVisit() {
  shownHere = true;
  try {
    localStorage.setItem(KEY, 'shown');
  } catch {
    // Storage is blocked or full.
  }
}

/** Whether the page is in present mode. */
export function isPresenting(): boolean {
  return new URLSearchParams(location.search).has('present');
}

/** Where nothing can be stored, each visit would be the first: better none. */
function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return 'unknown';
  }
}
