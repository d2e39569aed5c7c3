const EVENT = 'clusterhat:sign-in';

/** Opens the header's sign-in dialog, for buttons elsewhere on the page. */
export function openSignIn() {
  dispatchEvent(new Event(EVENT));
}

/** Calls `open` on `openSignIn`; returns a function that unsubscribes. */
export function onOpenSignIn(open: () => void): () => void {
  addEventListener(EVENT, open);
  return () => removeEventListener(EVENT, open);
}
