import type { Status } from '../api';
import { engineProblemFor, type Audience } from '../engine';
import type { SwarmView } from '../swarm/view';
import { PAGE_LOAD_MS, type Feed } from './feed';
import { encodeMessage, type Source } from './sse';

/**
 * The feed's status as it is sent to browsers of one audience. Without subscribers nothing is polled, so a
 * live status expires.
 */
export function statusOf(feed: Feed, audience: Audience, now = Date.now()): Status {
  const { state, at, error } = feed.status();
  const expired =
    state === 'live' && feed.subscriberCount === 0 && Math.abs(now - (at ?? 0)) > PAGE_LOAD_MS;
  return {
    state: expired ? 'connecting' : state,
    at,
    now,
    problem: error && engineProblemFor(error, audience),
  };
}

/** Sends one stream the status after each poll, which also shows the page that the server is there. */
export function statusSource(feed: Feed, audience: Audience): Source {
  let due = true;
  return {
    subscribe: (notify) =>
      feed.subscribe(() => {
        due = true;
        notify();
      }),
    take() {
      if (!due) return null;
      due = false;
      const status = statusOf(feed, audience);
      return encodeMessage('status', JSON.stringify({ kind: 'status', status }));
    },
  };
}

/**
 * Sends one stream the view, and from then on patches. A stream that missed a patch (a slow or stuck tab)
 * gets the complete view again.
 */
export function viewSource(feed: Feed): Source {
  let sent = 0;
  return {
    subscribe: (notify) => feed.subscribe(notify),
    take() {
      const { encodedView } = feed;
      const { rev } = encodedView;
      // Before the first poll after a time without subscribers the view may be old.
      if (rev === sent || feed.status().state === 'connecting') return null;
      const patch = sent > 0 && rev === sent + 1 ? encodedView.patchMessage() : null;
      sent = rev;
      return patch ?? encodedView.viewMessage();
    },
  };
}

/** Sends one stream the timeline of the last hour, then what is added to it. */
export function timelineSource(feed: Feed): Source {
  // An empty timeline is sent too: an old tab may show the one of the server before.
  let sent: number | null = null;
  let sentShifts = feed.encodedView.timeline.shifts;
  return {
    subscribe: (notify) => feed.subscribe(notify),
    take() {
      const { seq, shifts } = feed.encodedView.timeline;
      if (shifts !== sentShifts) sent = null;
      sentShifts = shifts;
      if (seq === sent) return null;
      const message = feed.encodedView.timelineMessage(sent);
      sent = seq;
      return message;
    },
  };
}

/** The live view while it is polled, else one that is read for this request. Throws `EngineError`. */
export async function readView(feed: Feed): Promise<SwarmView> {
  const { view } = feed.current();
  const live = feed.subscriberCount > 0 && feed.status().state === 'live';
  return live && view ? view : feed.fresh();
}

/** The same, but never of a time before the last change that was requested. */
export async function readLatestView(feed: Feed): Promise<SwarmView> {
  return feed.isUpToDate ? readView(feed) : feed.fresh();
}

/** Maximum time that rendering the page waits for a view (ms). */
const FIRST_VIEW_MS = 1500;

/** What the first HTML shows: the live view, or a fresh one if the engine responds in time. */
export async function firstView(
  feed: Feed,
  audience: Audience,
): Promise<{ view: SwarmView | null; status: Status }> {
  const live = feed.subscriberCount > 0 && feed.status().state === 'live';
  if (!live) {
    const poll = feed.fresh().catch(() => null);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      poll,
      new Promise((resolve) => (timer = setTimeout(resolve, FIRST_VIEW_MS))),
    ]);
    clearTimeout(timer);
  }
  return { view: feed.current().view, status: statusOf(feed, audience) };
}
