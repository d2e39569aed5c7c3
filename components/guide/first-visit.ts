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
        if (isCovered()) timer = setTimeout(show, PAUSE_MS);
        else setShown(true);
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

/** Whether a dialog, details or a log are open over the page: they would cover what a call-out points to. */
function isCovered(): boolean {
  return document.querySelector('dialog[open], [role="dialog"]') !== null;
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
