/**
 * What was asked of one service's scale and what became of it. Pure: the store beside it sends.
 * Clicks come faster than the engine takes them, so one request is in flight at a time and the
 * newest number wanted goes next: the last click wins and the ones between are never sent.
 */
export interface ScaleQueue {
  /** The newest number asked for; null once the engine shows it (or refused it). */
  readonly wanted: number | null;
  /** The number in the request that is in flight; null when none is. */
  readonly sending: number | null;
  /** Why the last request was refused; gone with the next click. */
  readonly refusal: ScaleRefusal | null;
}

/** A refusal as it is shown: what is wrong, and what to do about it. */
export interface ScaleRefusal {
  /** Names its row of /help. */
  readonly kind: string;
  readonly detail: string;
  readonly next?: string | undefined;
}

/** Everything that can happen to the queue. */
export type ScaleEvent =
  /** Somebody wants `replicas`; `actual` is what the engine shows at that moment. */
  | { kind: 'ask'; replicas: number; actual: number | null }
  /** The engine took the request in flight. */
  | { kind: 'accepted' }
  | { kind: 'refused'; refusal: ScaleRefusal }
  /** A picture arrived in which the service asks for `replicas`. */
  | { kind: 'seen'; replicas: number | null }
  /** The engine took it long ago and shows something else: it was overtaken from elsewhere. */
  | { kind: 'overtaken' };

/** Nothing asked, nothing in flight. */
export const IDLE: ScaleQueue = { wanted: null, sending: null, refusal: null };

/** The queue after `event`. A `sending` that was not there before is to be sent by the caller. */
export function step(queue: ScaleQueue, event: ScaleEvent): ScaleQueue {
  switch (event.kind) {
    case 'ask': {
      const { replicas } = event;
      if (queue.sending !== null) return { ...queue, wanted: replicas, refusal: null };
      if (replicas === event.actual) return queue.wanted === null ? IDLE : send(replicas);
      return queue.wanted === replicas ? { ...queue, refusal: null } : send(replicas);
    }
    case 'accepted': {
      const { wanted, sending } = queue;
      if (wanted !== null && wanted !== sending) return send(wanted);
      return { ...queue, sending: null };
    }
    case 'refused': {
      const { wanted, sending } = queue;
      // A newer number was asked for meanwhile: it may be taken, so its own answer decides.
      if (wanted !== null && wanted !== sending) return send(wanted);
      return { wanted: null, sending: null, refusal: event.refusal };
    }
    case 'seen':
      return queue.sending === null && queue.wanted !== null && queue.wanted === event.replicas
        ? { ...queue, wanted: null }
        : queue;
    default:
      return queue.sending === null && queue.wanted !== null ? { ...queue, wanted: null } : queue;
  }
}

function send(replicas: number): ScaleQueue {
  return { wanted: replicas, sending: replicas, refusal: null };
}
