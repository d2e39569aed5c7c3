/**
 * Where the page keeps its sign-in's token: other ports of this host, which receive the cookie, cannot read
 * it. With the path, as a proxy can have two dashboards on one origin.
 */
const key = () => `clusterhat.token${new URL('.', location.href).pathname}`;

/** Holds for this page where the browser gives no storage. */
let unstored: string | null = null;

/** The token of this browser's sign-in; null without one. */
export function readToken(): string | null {
  try {
    return localStorage.getItem(key()) ?? unstored;
  } catch {
    return unstored;
  }
}

/** Keeps the token of a sign-in, or with null forgets it, in every tab. */
export function keepToken(token: string | null): void {
  unstored = token;
  try {
    if (token === null) localStorage.removeItem(key());
    else localStorage.setItem(key(), token);
    unstored = null;
  } catch {
    // Storage is blocked or full: this page stays signed in until it is left.
  }
  // Browsers send `storage` to the other tabs only.
  dispatchEvent(new StorageEvent('storage', { key: key() }));
}

/** Calls `changed` when somebody signs in or out in this browser; returns how to stop that. */
export function onToken(changed: () => void): () => void {
  const listen = (event: StorageEvent) => {
    if (event.key === key() || event.key === null) changed();
  };
  addEventListener('storage', listen);
  return () => removeEventListener('storage', listen);
}
