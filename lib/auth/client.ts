/** The address that a request came from; the server entry sets it, and drops what came from outside. */
export const CLIENT_HEADER = 'x-clusterhat-client';
/** Carries the token of the page's sign-in. */
export const TOKEN_HEADER = 'x-csrf-token';

/** The address of the client, `unknown` where no server entry stands in front (tests, `next dev`). */
export function clientOf(headers: Headers): string {
  return headers.get(CLIENT_HEADER) || 'unknown';
}
