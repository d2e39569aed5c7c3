'use client';

import { Board } from '../board/Board';
import { BoardSkeleton } from '../board/BoardSkeleton';
import { StaleBanner } from '../board/StaleBanner';
import { Header } from '../header/Header';
import { FixedNow } from '@/lib/client/clock';
import { useConnection, usePast, useView } from '@/lib/client/hooks';
import type { Initial } from '@/lib/client/initial';
import { LiveProvider } from './LiveProvider';
import { lazyPart } from '../ui/lazy-part';
import { Later } from './Later';

const Announcer = lazyPart(() => import('./Announcer').then((part) => part.Announcer));
const PastNote = lazyPart(() => import('../timeline/PastNote').then((part) => part.PastNote));
const NoPicture = lazyPart(() => import('../board/NoPicture').then((part) => part.NoPicture));
const DemoPanel = lazyPart(() => import('../demo/DemoPanel').then((part) => part.DemoPanel));
const ServicePanel = lazyPart(() =>
  import('../service/ServicePanel').then((part) => part.ServicePanel),
);
const Tables = lazyPart(() => import('../tables/Tables').then((part) => part.Tables));
const CurlPanel = lazyPart(() => import('../curl/CurlPanel').then((part) => part.CurlPanel));

/** The whole page, live from the moment it is shown. `initial`: what the server already knew. */
export function Dashboard({ initial }: { initial: Initial }) {
  return (
    <LiveProvider initial={initial}>
      <Header />
      <main className="page">
        <Announcer />
        <Picture />
      </main>
    </LiveProvider>
  );
}

function Picture() {
  const view = useView();
  const past = usePast();
  const shown = past?.view ?? view;
  const { state, problem } = useConnection();
  if (!view && state === 'stale') return <NoPicture problem={problem} fallback={<StaleBanner />} />;
  return (
    <>
      {view?.engine.demo && <DemoPanel fallback={<div className="demo" />} />}
      <StaleBanner />
      <FixedNow value={past?.at ?? null}>
        {shown ? (
          <Board view={shown} stale={!past && state === 'stale'} past={past && <PastNote />} />
        ) : (
          <BoardSkeleton />
        )}
      </FixedNow>
      <div className="panels">
        <ServicePanel fallback={<div className="card min-h-110" aria-busy="true" />} />
        <Later className="min-h-150" part={CurlPanel} />
      </div>
      <Later className="min-h-80" part={Tables} />
    </>
  );
}
