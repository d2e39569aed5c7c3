const EVENT = 'clusterhat:sign-in';

/** Asks the header to open the sign-in dialog: for buttons that need it. */
export function openSignIn() {
  dispatchEvent(new Event(EVENT));
}

/** Hears `openSignIn`; returns how to stop hearing. */
export function onOpenSignIn(open: () => void): () => void {
  addEventListener(EVENT, open);
  return () => removeEventListener(EVENT, open);
}
