const KEY = 'clusterhat.guide';

/** For a browser that stores nothing: once for each time the page is loaded. */
let shownHere = false;

/** Whether this browser has not shown the call-outs yet, and may now: not on a wall screen. */
export function isFirstVisit(): boolean {
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
