import type { Status } from '../api';
import { engineProblemFor, type Audience } from '../engine';
import type { SwarmView } from '../swarm/view';
import { MADE_MS, type Feed } from './feed';
import { encodeMessage, type Source } from './sse';

/**
 * The feed's status as it is sent to browsers of one audience. A picture that was live when the last
 * viewer left is not so for ever.
 */
export function statusOf(feed: Feed, audience: Audience, now = Date.now()): Status {
  const { state: said, at, error } = feed.status();
  const old = said === 'live' && feed.watchers === 0 && Math.abs(now - (at ?? 0)) > MADE_MS;
  const state = old ? 'connecting' : said;
  return { state, at, now, problem: error && engineProblemFor(error, audience) };
}

/** Tells one viewer after each look how things stand: that is the page's pulse too. */
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
 * Sends one viewer the picture, and from then on what changes in it. A viewer that could not be
 * sent the last change (a slow or stuck tab) gets the whole picture again.
 */
export function viewSource(feed: Feed): Source {
  let sent = 0;
  return {
    subscribe: (notify) => feed.subscribe(notify),
    take() {
      const { picture } = feed;
      const { rev } = picture;
      // While nothing has been seen since the first subscriber came, an old picture would flash by.
      if (rev === sent || feed.status().state === 'connecting') return null;
      const patch = sent > 0 && rev === sent + 1 ? picture.patchMessage() : null;
      sent = rev;
      return patch ?? picture.viewMessage();
    },
  };
}

/** Tells one viewer the last hour, then what happens. */
export function timelineSource(feed: Feed): Source {
  // A swarm in which nothing has happened is told too: an old tab may show another server's hour.
  let sent: number | null = null;
  return {
    subscribe: (notify) => feed.subscribe(notify),
    take() {
      const { seq } = feed.picture.timeline;
      if (seq === sent) return null;
      const message = feed.picture.timelineMessage(sent);
      sent = seq;
      return message;
    },
  };
}

/** A page that is being made waits this long for a picture (ms), then goes out without. */
const FIRST_MS = 1500;

/** What the first HTML shows: the live picture, or one fresh look if the engine is quick to give it. */
export async function firstPicture(
  feed: Feed,
  audience: Audience,
): Promise<{ view: SwarmView | null; status: Status }> {
  const live = feed.watchers > 0 && feed.status().state === 'live';
  if (!live) {
    const look = feed.fresh().catch(() => null);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([look, new Promise((resolve) => (timer = setTimeout(resolve, FIRST_MS)))]);
    clearTimeout(timer);
  }
  return { view: feed.current().view, status: statusOf(feed, audience) };
}
