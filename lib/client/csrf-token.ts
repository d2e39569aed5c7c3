/**
 * Storage key of the sign-in's token: other ports of this host, which receive the cookie, cannot read it. With
 * the path, as a proxy can serve two dashboards on one origin.
 */
const key = () => `clusterhat.token${new URL('.', location.href).pathname}`;

/** The token of this page if the browser blocks storage. */
let unstored: string | null = null;

/** The token of this browser's sign-in; null without one. */
export function readToken(): string | null {
  try {
    return localStorage.getItem(key()) ?? unstored;
  } catch {
    return unstored;
  }
}

/** Stores the token of a sign-in for all tabs; null removes it. */
export function keepToken(token: string | null): void {
  unstored = token;
  try {
    if (token === null) localStorage.removeItem(key());
    else localStorage.setItem(key(), token);
    unstored = null;
  } catch {
    // Storage is blocked or full: only this page stays signed in.
  }
  // Browsers send `storage` only to the other tabs.
  dispatchEvent(new StorageEvent('storage', { key: key() }));
}

/** Calls `changed` on a sign-in or sign-out in this browser; returns a function that unsubscribes. */
export function onToken(changed: () => void): () => void {
  const listen = (event: StorageEvent) => {
    if (event.key === key() || event.key === null) changed();
  };
  addEventListener('storage', listen);
  return () => removeEventListener('storage', listen);
}
