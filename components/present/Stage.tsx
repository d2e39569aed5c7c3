'use client';

import { useEffect, useLayoutEffect, useRef } from 'react';
import { useRun, useStatus, useView } from '@/lib/client/hooks';
import { AnswerFlights } from '../curl/flights/AnswerFlights';
import { useSeats } from '../curl/use-seats';
import { runAnnouncement } from '../curl/words';
import { Announcer } from '../dashboard/Announcer';
import { Counts } from '../header/Counts';
import { LivePill } from '../header/LivePill';
import { showTheme } from '../header/use-theme';
import { LiveRegion } from '../ui/LiveRegion';
import { Prose } from '../ui/Prose';
import { useStageTheme } from './present-mode';
import { StageBoard } from './StageBoard';
import { StageControls } from './StageControls';
import { StageRun } from './StageRun';
import { StageService } from './StageService';
import { useStage } from './use-stage';
import { useAwake, useReloadAfterUpgrade, useScreenOn } from './use-kiosk';

/**
 * One 1920th of the width of a 16:9 screen. Everything has sizes in it: at each resolution the stage is the same
 * picture; on small ones it scrolls. Tailwind's own sizes are redefined, so that parts of the page grow with it, 12 px to 20.
 */
const SCALE =
  '[--u:min(100vw/1920,100dvh/1080)] max-[60rem]:[--u:0.7px] [--spacing:calc(var(--u)*20/3)] [--text-xs:calc(var(--u)*20)] [--text-sm:calc(var(--u)*23)] [--text-base:calc(var(--u)*26)] [--text-lg:calc(var(--u)*30)] [--text-xl:calc(var(--u)*36)] [--text-2xl:calc(var(--u)*44)] [--text-4xl:calc(var(--u)*76)]';

/** Present mode: board, run and what it cost, large enough for the back row, without scrolling. */
export function Stage() {
  const stage = useStage();
  const awake = useAwake();
  const latest = useRun();
  const status = useStatus();
  const view = useView();
  const run = useSeats(latest?.run ?? null, view);
  const live = latest && run && { ...latest, run };
  const ref = useRef<HTMLDivElement>(null);
  const theme = useStageTheme();
  useLayoutEffect(() => (theme ? showTheme(theme) : undefined), [theme]);
  useScreenOn();
  useReloadAfterUpgrade();
  // The keyboard starts here, not in the page that is hidden.
  useEffect(() => ref.current?.focus(), []);
  const stale = status.state === 'stale';
  return (
    <div
      ref={ref}
      tabIndex={-1}
      data-present
      data-awake={awake || undefined}
      className={`fixed inset-0 z-4 grid grid-cols-1 grid-rows-[calc(var(--spacing)*8.5)_minmax(0,1fr)_calc(var(--spacing)*63)_calc(var(--spacing)*9)] gap-2.5 overflow-hidden bg-bg px-3 py-2 text-ink max-[60rem]:flex max-[60rem]:flex-col max-[60rem]:overflow-y-auto max-[60rem]:[&>*,&>main>*]:flex-none text-base/tight outline-none not-data-awake:cursor-none [&:not([data-awake])_*]:cursor-none ${SCALE}`}
    >
      <header className="flex min-w-0 items-center gap-3 overflow-hidden max-[60rem]:flex-wrap">
        <h1 className="text-lg whitespace-nowrap">ClusterHAT swarm</h1>
        <LivePill />
        {stale ? (
          <p className="min-w-0 truncate text-sm">
            <b data-problem={status.problem?.kind ?? 'stale'} className="text-warn">
              {status.problem?.detail ?? 'The view is not live.'}
            </b>{' '}
            <Prose text={status.problem?.next ?? ''} />
          </p>
        ) : (
          <div className="flex h-full min-w-0 flex-1 flex-wrap content-start items-center gap-x-3 gap-y-10 overflow-hidden max-[60rem]:h-auto max-[60rem]:basis-full max-[60rem]:gap-y-2">
            {/* As high as the line, so that what does not fit is in a line out of sight. */}
            <span className="-mr-3 h-full max-[60rem]:hidden" />
            <Counts />
          </div>
        )}
      </header>
      <main className="contents">
        {view ? <StageBoard view={view} stale={stale} /> : <div aria-busy={!stale} />}
        <div className="grid min-h-0 grid-cols-[calc(var(--spacing)*58)_minmax(0,1fr)] gap-2.5 max-[60rem]:grid-cols-1">
          <StageService stage={stage} stale={stale} />
          <StageRun stage={stage} live={live} view={view} />
        </div>
      </main>
      <StageControls stage={stage} awake={awake} />
      {live && <AnswerFlights run={live.run} answers={live.answers} />}
      <Announcer />
      <LiveRegion text={runAnnouncement(live?.run ?? null)} />
    </div>
  );
}
