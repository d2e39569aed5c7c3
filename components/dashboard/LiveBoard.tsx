'use client';

import type { ReactNode } from 'react';
import { FixedNow } from '@/lib/client/clock';
import { useConnection, usePast, useView } from '@/lib/client/hooks';
import { Board } from '../board/Board';
import { StaleBanner } from '../board/StaleBanner';
import { lazyPart } from '../ui/lazy-part';

const BoardNotes = lazyPart(() => import('./BoardNotes').then((part) => part.BoardNotes));
const NoSwarm = lazyPart(() => import('../board/NoSwarm').then((part) => part.NoSwarm));

/**
 * The board as it is or was, between `demo` (shown on the demo swarm only) and the panels below it.
 * `skeleton`: shown until there is a first view.
 */
export function LiveBoard({
  demo,
  skeleton,
  children,
}: {
  demo: ReactNode;
  skeleton: ReactNode;
  children: ReactNode;
}) {
  const view = useView();
  const past = usePast();
  const shown = past?.view ?? view;
  const { state, problem } = useConnection();
  if (!view && state === 'stale') return <NoSwarm problem={problem} fallback={<StaleBanner />} />;
  return (
    <>
      {view?.engine.demo && demo}
      <div className="relative">
        <FixedNow value={past?.at ?? null}>
          {shown ? (
            <Board
              view={shown}
              stale={!past && state === 'stale'}
              past={!!past}
              notes={(past || shown.notices[0]) && <BoardNotes notices={shown.notices} />}
            />
          ) : (
            skeleton
          )}
        </FixedNow>
        <StaleBanner over />
      </div>
      {children}
    </>
  );
}
