import {
  attempt,
  type AskEvents,
  type AskLimits,
  type Attempted,
  type HttpRequest,
} from './attempt';
import type { MonotonicClock } from './clock';

/** What became of one request, before anyone asks who answered. */
export interface Asked extends Attempted {
  /** It was sent a second time, as the kept connection that it was sent on had been closed. */
  readonly resent: boolean;
}

/**
 * Sends one request and tells once what became of it. Follows no redirect, asks no resolver (the
 * address is numeric). A kept connection can be closed by the service at the very moment at which it is
 * used again: GET and HEAD are then sent once more, on a connection of their own (RFC 9110, 9.2.2;
 * docs/decisions/011-kept-connections.md). The returned function destroys the socket; no callback follows.
 */
export function ask(
  question: HttpRequest,
  limits: AskLimits,
  clock: MonotonicClock,
  on: AskEvents<Asked>,
): () => void {
  const connect = () => on.connect();
  let destroy = attempt(question, limits, clock, {
    connect,
    done(first) {
      if (!first.stale) return on.done({ ...first, resent: false });
      destroy = attempt({ ...question, agent: null }, limits, clock, {
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
