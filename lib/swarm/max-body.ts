/**
 * The longest request body that is accepted (bytes). It has to fit into a request's buffer, where it waits for
 * the route that reads it: 16 KiB by Node's default.
 */
export const MAX_BODY = 10_000;
