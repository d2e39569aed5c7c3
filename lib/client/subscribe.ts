import type { ScopedMutator } from 'swr';
import type { Access, LiveMessage } from '@/lib/api';
import { BUILD } from '@/lib/build';
import { ANSWERS_SHOWN, SECONDS_SHOWN } from '@/lib/curl/run';
import { applyPatch, PatchMismatch, type ViewPatch } from '@/lib/swarm/patch';
import { TIMELINE_MS } from '@/lib/swarm/timeline';
import type { SwarmView } from '@/lib/swarm/view';
import { setServerClock } from './clock';
import { hit } from './hits';
import { keepSame } from './keep-same';
import {
  healthOf,
  KEYS,
  viewAgeOf,
  type Health,
  type ConnectionState,
  type LiveRun,
  type TimelineHistory,
} from './cache';
import { openStream } from './stream';
import { onToken, readToken } from './csrf-token';

/** Entries, spans and gaps that the browser keeps: as many as the server. */
const TIMELINE_MOST = 1000;

/** Shown once the server is of another build: its messages may have another form. */
const OUTDATED: Health = {
  state: 'stale',
  problem: {
    kind: 'page-outdated',
    detail: 'The dashboard was upgraded; this page is of the version before.',
    next: 'Reload the page.',
  },
};

/** A server that has a run tells it right after its hello; this much later (ms) it has none. */
const RUN_DUE = 2000;

/** A server that says goodbye; whether it comes back, time will tell. */
const RESTARTING: Health = {
  state: 'stale',
  problem: {
    kind: 'restarting',
    detail: 'The dashboard is being restarted.',
    next: 'This page returns by itself.',
  },
};

/**
 * Writes the messages of `/api/live` to the SWR cache until the returned function is called. Messages of a
 * server of this page's build are not validated: one schema made both sides. Those of another build are
 * ignored, and the page asks to be reloaded.
 */
export function subscribeLive(mutate: ScopedMutator): () => void {
  let closed = false;
  /** The picture as this tab has it, and its revision on this connection. */
  let view: SwarmView | null = null;
  let rev = 0;
  /** Whether the server is of this page's build: its hello, the first message of each connection, has it. */
  let sameBuild = false;
  let noRun: ReturnType<typeof setTimeout> | undefined;
  /** What the server had of a run when this connection began has come, so any other run is a new one. */
  let hasHistory = false;
  /** Puts what `change` makes of what was there. */
  const put = <T>(key: string, change: (before: T | undefined) => T) => {
    void mutate<T>(key, (before) => (closed ? before : change(before)), { revalidate: false });
  };

  /** Puts a value whose equal parts stay the objects that they were. */
  const replace = <T>(key: string, next: T) => put<T>(key, (before) => keepSame(before, next));

  const take = (message: LiveMessage) => {
    switch (message.kind) {
      case 'hello':
        clearTimeout(noRun);
        sameBuild = message.build === BUILD;
        put(KEYS.upgraded, () => !sameBuild);
        if (!sameBuild) return replace(KEYS.health, OUTDATED);
        replace(KEYS.access, withToken(message.access));
        // A server that was restarted has forgotten the run that this tab still shows as going.
        hasHistory = false;
        noRun = setTimeout(() => {
          hasHistory = true;
          put(KEYS.run, () => null);
        }, RUN_DUE);
        break;
      case 'view':
        rev = message.rev;
        put<SwarmView>(KEYS.view, (before) => (view = keepSame(before, message.view)));
        break;
      case 'patch':
        // Without the picture that it changes, a patch says nothing: fetch the whole one.
        if (!view || message.rev !== rev + 1) stream.reconnect();
        else {
          const next = patched(view, message.patch);
          if (!next) return stream.reconnect();
          rev = message.rev;
          view = next;
          // It keeps what has not changed: comparing thousands of tasks again would cost a frame.
          put(KEYS.view, () => next);
        }
        break;
      case 'timeline':
        put<TimelineHistory>(KEYS.timeline, (before) => addNews(before, message));
        break;
      case 'status':
        setServerClock(message.status.now, message.status.at);
        replace(KEYS.health, healthOf(message.status));
        replace(KEYS.picture, viewAgeOf(message.status));
        break;
      case 'run':
        clearTimeout(noRun);
        put<LiveRun | null>(KEYS.run, (before) => addRun(before, message));
        // A short burst on a busy machine can come whole in the first message of its run.
        if (!message.reset || hasHistory)
          hit(message.answers.flatMap(({ taskId }) => taskId ?? []));
        hasHistory = true;
        break;
      case 'bye':
        replace<Health>(KEYS.health, RESTARTING);
        break;
    }
  };

  let link: ConnectionState = 'connecting';
  const stream = openStream('api/live', {
    message: (text) => {
      const message = JSON.parse(text) as LiveMessage;
      if (sameBuild || message.kind === 'hello') take(message);
    },
    refused: (problem) => {
      // On a dashboard that is closed to readers, a session that has ended leaves nothing to show.
      if (problem.kind === 'sign-in-required') location.reload();
      else replace<Health>(KEYS.health, { state: 'stale', problem });
    },
    link: (next) => {
      if (next === link) return;
      link = next;
      put<ConnectionState>(KEYS.link, () => next);
    },
  });
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
 * A browser that has a session's cookie and not its token, as another port may have set it, has to sign in.
 * Where reading is closed the cookie is why it sees this page, and it can sign out.
 */
function withToken(access: Access): Access {
  if (!access.signedIn || readToken() !== null) return access;
  return { ...access, signedIn: access.closed, role: 'reader' };
}

/** The view with the patch applied; null when it does not fit. */
function patched(view: SwarmView, patch: ViewPatch): SwarmView | null {
  try {
    return applyPatch(view, patch);
  } catch (error) {
    if (error instanceof PatchMismatch) return null;
    throw error;
  }
}

/** The timeline with what is new in it: a gap that goes on takes the place of the one before. */
export function addNews(
  before: TimelineHistory | undefined,
  { reset, entries, spans, gaps, forgottenUntil }: Extract<LiveMessage, { kind: 'timeline' }>,
): TimelineHistory {
  const kept = !reset && before ? before : { entries: [], spans: [], gaps: [] };
  const newest = spans.reduce((max, { to }) => Math.max(max, to ?? 0), entries.at(-1)?.at ?? 0);
  const recent = ({ to }: { to: number | null }) => to === null || to >= newest - TIMELINE_MS;
  const replaced = new Set(gaps.map(({ from }) => from));
  return {
    entries: [...kept.entries, ...entries]
      .filter(({ at }) => at >= newest - TIMELINE_MS)
      .slice(-TIMELINE_MOST),
    spans: [...kept.spans, ...spans].filter(recent).slice(-TIMELINE_MOST),
    gaps: [...kept.gaps.filter(({ from }) => !replaced.has(from)), ...gaps]
      .filter(recent)
      .slice(-TIMELINE_MOST),
    forgottenUntil,
  };
}

/** The run with what is new in it; `reset` or another run's id starts over. */
export function addRun(
  before: LiveRun | null | undefined,
  { run, answers, seconds, reset }: Extract<LiveMessage, { kind: 'run' }>,
): LiveRun {
  const kept = !reset && before?.run.id === run.id ? before : { answers: [], seconds: [] };
  const bySecond = new Map([...kept.seconds, ...seconds].map((one) => [one.second, one]));
  return {
    run: keepSame(before?.run, run),
    answers: [...kept.answers, ...answers].slice(-ANSWERS_SHOWN),
    // A late outcome can be the first of its second, after later ones were told.
    seconds: [...bySecond.values()].toSorted((a, b) => a.second - b.second).slice(-SECONDS_SHOWN),
  };
}
