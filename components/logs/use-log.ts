import { startTransition, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useConnection } from '@/lib/client/hooks';
import { useBadges } from '@/lib/client/use-badges';
import type { SwarmView } from '@/lib/swarm/view';
import { AnswerSearch, type AnswerLine } from './answer-search';
import { NO_SOURCES, withView, type LineSources } from './line-sources';
import { LogSession, type LogSnapshot } from './log-session';
import type { LogOf, LogsAction } from './log-target';

const NOTHING: LogSnapshot = {
  blocks: [],
  following: true,
  waiting: 0,
  dropped: 0,
  count: 0,
  link: 'connecting',
  problem: null,
  log: null,
  hasHistory: false,
};
const noListener = () => () => {};

/** Follows the log at `path` while it is rendered (null: none). */
export function useLog(path: `api/${string}` | null): {
  session: LogSession | null;
  snapshot: LogSnapshot;
} {
  const session = useMemo(() => path && new LogSession(path), [path]);
  // The page notices a network that was cut; a log on which nothing is written does not.
  const isLive = useConnection().state === 'live';
  const wasLive = useRef(true);
  useEffect(() => {
    if (isLive && !wasLive.current) session?.reconnect();
    wasLive.current = isLive;
  }, [isLive, session]);
  return { session, snapshot: useSnapshot(session) };
}

/**
 * What a session shows. New lines are a transition: React renders them in slices of a few milliseconds, between which the
 * browser draws and handles input, and does not start again when more arrive. `useSyncExternalStore` would render each batch in
 * one piece.
 */
function useSnapshot(session: LogSession | null): LogSnapshot {
  const [shown, setShown] = useState({ session, snapshot: session?.current() ?? NOTHING });
  useEffect(() => {
    if (!session) return undefined;
    const show = () => setShown({ session, snapshot: session.current() });
    const unsubscribe = session.subscribe((isUrgent) => {
      if (isUrgent) show();
      else startTransition(show);
    });
    show();
    return unsubscribe;
  }, [session]);
  return shown.session === session ? shown.snapshot : (session?.current() ?? NOTHING);
}

/** Who writes the lines of a log: its tasks in the view, and those that were in it. */
export function useSources(of: LogOf, view: SwarmView): LineSources {
  const badgeOf = useBadges(view);
  const [kept, keep] = useState(NO_SOURCES);
  const [service, task] = 'service' in of ? [of.service, null] : [null, of.task];
  const { tasks, nodes, goneNodes } = view;
  const next = useMemo(() => {
    const own = tasks.filter(({ id, serviceId }) => id === task || serviceId === service);
    return withView(kept, { tasks: own, nodes, goneNodes }, badgeOf);
  }, [kept, tasks, nodes, goneNodes, badgeOf, service, task]);
  if (next !== kept) keep(next);
  return next;
}

const WITHOUT: AnswerLine | null = null;
const without = () => WITHOUT;

/** The search for the line of an answer; null where none is searched. */
export function useAnswerLine(action: LogsAction, session: LogSession | null): AnswerLine | null {
  const search = useMemo(() => {
    const { of, find, answer } = action;
    return session && find && answer ? new AnswerSearch({ of, find, answer }, session) : null;
  }, [action, session]);
  return useSyncExternalStore(search?.subscribe ?? noListener, search?.current ?? without, without);
}
