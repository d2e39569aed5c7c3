import {
  attempt,
  type RequestEvents,
  type RequestLimits,
  type AttemptOutcome,
  type HttpRequest,
} from './attempt';
import type { MonotonicClock } from './clock';

/** Outcome of one request, before the answering task is identified. */
export interface RequestOutcome extends AttemptOutcome {
  /** Sent a second time, because the service had closed the reused connection. */
  readonly resent: boolean;
}

/**
 * Sends one request and calls `done` once. Follows no redirects and resolves no names (the address is
 * numeric). A service can close a kept connection at the moment when it is reused: the request is then
 * sent once more on a new connection, which RFC 9110 (9.2.2) allows for GET and HEAD
 * (docs/decisions/011-kept-connections.md). The returned function destroys the socket; no callback follows.
 */
export function sendRequest(
  request: HttpRequest,
  limits: RequestLimits,
  clock: MonotonicClock,
  on: RequestEvents<RequestOutcome>,
): () => void {
  const connect = () => on.connect();
  let destroy = attempt(request, limits, clock, {
    connect,
    done(first) {
      if (!first.stale) return on.done({ ...first, resent: false });
      destroy = attempt({ ...request, agent: null }, limits, clock, {
        connect,
        done(second) {
          const { sentAt } = first;
          const since = (ms: number | null) => (ms === null ? null : ms + second.sentAt - sentAt);
          on.done({
            ...second,
            sentAt,
            connectMs: since(second.connectMs),
            firstByteMs: since(second.firstByteMs),
            resent: true,
          });
        },
      });
    },
  });
  return () => destroy();
}
