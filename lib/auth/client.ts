/** Header with the client's address; the server sets it and drops the client's own. */
export const CLIENT_HEADER = 'x-clusterhat-client';
/** Carries the token of the page's sign-in. */
export const TOKEN_HEADER = 'x-csrf-token';

/** The client's address; `unknown` without our server in front (tests, `next dev`). */
export function clientOf(headers: Headers): string {
  return headers.get(CLIENT_HEADER) || 'unknown';
}
