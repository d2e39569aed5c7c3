import type { Access, LiveMessage } from '@/lib/api';
import { BUILD } from '@/lib/build';
import { applyPatch, PatchMismatch, type ViewPatch } from '@/lib/swarm/patch';
import type { SwarmView } from '@/lib/swarm/view';
import { alteredAnswer } from './altered-answer';
import {
  healthOf,
  viewAgeOf,
  type ConnectionState,
  type Health,
  type LiveCache,
  type LiveData,
} from './cache';
import { setServerClock } from './clock';
import { onToken, readToken } from './csrf-token';
import { keepSame } from './keep-same';
import { lightAnswered } from './lit-tasks';
import { addToRun } from './live-run';
import { openLiveStream } from './live-stream';
import { PAGE_OUTDATED } from './page-outdated';
import { parseJson } from './read-json';
import type { StreamEvents } from './stream';
import { addToTimeline } from './timeline-history';

/** Shown when the server is of another build: its messages may have another form. */
const OUTDATED: Health = { state: 'stale', problem: PAGE_OUTDATED };

/** Shown when a message is not JSON: something between the server and this tab has changed it. */
const UNREADABLE: Health = {
  state: 'stale',
  problem: alteredAnswer("A message of the dashboard's server cannot be read."),
};

/** A server with a run sends it right after its hello; after this time (ms) it has none. */
const RUN_TIMEOUT = 2000;

/** Shown after the server's last message, until it is back. */
const RESTARTING: Health = {
  state: 'stale',
  problem: {
    kind: 'restarting',
    detail: 'The dashboard is being restarted.',
    next: 'This page returns by itself.',
  },
};

/**
 * Writes the messages of `/api/live` to the cache until the returned function is called. Messages of a
 * server of this page's build are not validated: one schema made both sides. Those of another build are
 * ignored, and the page asks to be reloaded.
 */
export function subscribeLive(cache: LiveCache): () => void {
  let closed = false;
  /** The latest view, and its revision on this connection. */
  let view: SwarmView | null = null;
  let rev = 0;
  /** Whether the server is of this page's build: its hello, the first message of each connection, names it. */
  let sameBuild = false;
  let noRun: ReturnType<typeof setTimeout> | undefined;
  /** The server's run at the start of this connection was received, so any other run is a new one. */
  let hasInitialRun = false;
  const update: LiveCache['update'] = (key, change) => {
    if (!closed) cache.update(key, change);
  };
  /** Writes a value; its parts that are equal to the ones before keep their identity. */
  const replace = <K extends keyof LiveData>(key: K, next: LiveData[K]) =>
    update(key, (before) => keepSame(before, next));

  const receive = (message: LiveMessage) => {
    switch (message.kind) {
      case 'hello':
        clearTimeout(noRun);
        sameBuild = message.build === BUILD;
        update('upgraded', () => !sameBuild);
        if (!sameBuild) return replace('health', OUTDATED);
        replace('access', withToken(message.access));
        // A restarted server no longer knows the run that this tab shows as active.
        hasInitialRun = false;
        noRun = setTimeout(() => {
          hasInitialRun = true;
          update('run', () => null);
        }, RUN_TIMEOUT);
        break;
      case 'view':
        rev = message.rev;
        update('view', (before) => (view = keepSame(before, message.view)));
        break;
      case 'patch': {
        const next = view && message.rev === rev + 1 ? tryPatch(view, message.patch) : null;
        // A new connection starts with the complete view.
        if (!next) return stream.reconnect();
        rev = message.rev;
        view = next;
        // Parts that the patch does not name keep their identity.
        update('view', () => next);
        break;
      }
      case 'timeline':
        update('timeline', (before) => addToTimeline(before, message));
        break;
      case 'status':
        setServerClock(message.status.now, message.status.at);
        replace('health', healthOf(message.status));
        replace('viewAge', viewAgeOf(message.status));
        break;
      case 'run':
        clearTimeout(noRun);
        update('run', (before) => addToRun(before, message));
        // On a busy machine the first message of a new run can have all answers of a short burst.
        if (!message.reset || hasInitialRun)
          lightAnswered(message.answers.flatMap(({ taskId }) => taskId ?? []));
        hasInitialRun = true;
        break;
      case 'bye':
        replace('health', RESTARTING);
        break;
    }
  };

  let link: ConnectionState = 'connecting';
  const events: StreamEvents = {
    message: (text) => {
      const message = parseJson(text) as LiveMessage | null | undefined;
      if (!message?.kind) {
        replace('health', UNREADABLE);
        return stream.reconnect();
      }
      if (sameBuild || message.kind === 'hello') receive(message);
    },
    refused: (problem) => {
      // Where reading is closed, nothing may be shown after the session has ended.
      if (problem.kind === 'sign-in-required') location.reload();
      else replace('health', { state: 'stale', problem });
    },
    link: (next) => {
      if (next === link) return;
      link = next;
      update('link', () => next);
    },
  };
  const isRunActive = () => cache.get('run')?.run.state === 'running';
  const stream = openLiveStream(events, isRunActive);
  // The next hello has this browser's new role.
  const stopListening = onToken(() => stream.reconnect());
  return () => {
    closed = true;
    stopListening();
    clearTimeout(noRun);
    stream.close();
  };
}

/**
 * A browser with a session's cookie but not its token, as another port may have set it, has to sign in. Where
 * reading is closed it sees this page because of the cookie, and can sign out.
 */
function withToken(access: Access): Access {
  if (!access.signedIn || readToken() !== null) return access;
  return { ...access, signedIn: access.closed, role: 'reader' };
}

/** The view with the patch applied; null if the patch is for another view. */
function tryPatch(view: SwarmView, patch: ViewPatch): SwarmView | null {
  try {
    return applyPatch(view, patch);
  } catch (error) {
    if (error instanceof PatchMismatch) return null;
    throw error;
  }
}
