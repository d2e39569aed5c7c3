'use client';

import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { liveCache } from '@/lib/client/cache';
import { useMay, useRun, useView } from '@/lib/client/hooks';
import { useBlock } from '../ui/Blocked';
import { Card } from '../ui/Card';
import { CopyCommand } from '../ui/CopyCommand';
import { lazyPart } from '../ui/lazy-part';
import { Popover } from '../ui/Popover';
import { LiveRegion } from '../ui/LiveRegion';
import { Controls } from './controls/Controls';
import { TargetControl } from './controls/TargetControl';
import { storeSettings } from './controls/settings-store';
import { changedWords } from './controls/settings-words';
import { StartStopButton } from './controls/StartStopButton';
import { useRunSettings } from './controls/use-run-settings';
import { useStartStop } from './controls/use-start-stop';
import { DrillButton } from './drill/DrillButton';
import { DrillProgress, showsDrill } from './drill/DrillProgress';
import type { PastRun } from './history/fetch-runs';
import { RunHistory } from './history/RunHistory';
import { usePastRun } from './history/use-past-run';
import { NoRunYet } from './NoRunYet';
import { RunResult } from './RunResult';
import { RunStatus } from './RunStatus';
import { useSeats } from './use-seats';
import { runAnnouncement } from './words';

const AnswerFlights = lazyPart(() =>
  import('./flights/AnswerFlights').then((part) => part.AnswerFlights),
);

/** Sends requests into the routing mesh and shows which task answered each. */
export function CurlPanel() {
  const view = useView();
  const live = useRun();
  const run = live?.run ?? null;
  const active = run?.state === 'running' ? run : null;
  const { settings, request, warnings, missing, port, command, ...selection } = useRunSettings(
    view ?? null,
    active,
  );
  const curled = active?.request.serviceId ?? selection.target?.service.id ?? null;
  useEffect(() => liveCache.update('curled', () => curled), [curled]);
  const startStop = useStartStop();
  const { past, open, close } = usePastRun(run?.id ?? null, startStop.isOurs);
  const blocked = useBlock('run') !== null;
  const mayRun = useMay('run');
  const formId = useId();
  const top = useRef<HTMLDivElement>(null);
  // Stays mounted after the run: the last answers arrive with the message that ends it.
  const [animated, setAnimated] = useState(false);
  if (active && !animated) setAnimated(true);

  const reopen = useCallback(
    (chosen: PastRun) => {
      open(chosen);
      top.current?.scrollIntoView({ block: 'start', behavior: 'smooth' });
    },
    [open],
  );
  const start = () => {
    if (!request || blocked || active || startStop.busy) return;
    storeSettings(settings); // A link's settings are not stored yet.
    void startStop.start(request);
  };

  const control = useStable({ start, stop: () => run && void startStop.stop(run.id) });
  const isActive = active !== null;
  const { busy } = startStop;
  const disabled = isActive ? !mayRun : blocked || !request;
  useEffect(() => {
    liveCache.update('runControl', () => ({ active: isActive, busy, disabled, ...control }));
    return () => liveCache.update('runControl', () => null);
  }, [isActive, busy, disabled, control]);

  const shown = past ?? live;
  const shownRun = useSeats(shown?.run ?? null, view);
  const flown = useSeats(run, view);
  // Those behind More, which has them in its name.
  const changed = changedWords(settings);
  const note = port ? `Which task answers port ${port}?` : 'Which task answers?';
  return (
    <Card title="Curl panel" note={<TargetControl {...selection} locked={!!active} note={note} />}>
      <div className="flex flex-wrap gap-2">
        <CopyCommand
          className="h-13.5 flex-1 max-sm:basis-full"
          lines="line-clamp-2"
          label="the curl command"
          command={command}
        />
        <DrillButton run={run} view={view} className="h-13.5 max-[60rem]:h-11 max-sm:flex-1" />
        <StartStopButton
          formId={formId}
          active={isActive}
          busy={busy}
          disabled={disabled}
          onStop={control.stop}
          // On narrow pages it is beside the mini board.
          className="h-13.5 w-24 max-[60rem]:hidden"
        />
      </div>
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <Controls {...selection} settings={settings} locked={active !== null} />
      </form>
      <div
        ref={top}
        data-result
        className="flex min-h-9 scroll-mt-2 items-center gap-x-4 text-xs touch:min-h-11 [&>*]:min-w-0 [&>*]:flex-1"
      >
        {run && !past && showsDrill(run) ? (
          <DrillProgress run={run} />
        ) : (
          <RunStatus
            run={run}
            past={past?.run ?? null}
            missing={missing}
            startStop={startStop}
            onClosePast={close}
          />
        )}
        {changed && !warnings[0] && (
          <p aria-hidden className="truncate text-right text-dim max-sm:hidden" title={changed}>
            {changed}
          </p>
        )}
        {warnings[0] && <Warnings all={warnings} />}
      </div>
      {shown && shownRun && view ? (
        <RunResult {...shown} run={shownRun} view={view} />
      ) : (
        <NoRunYet />
      )}
      <RunHistory
        latest={run ? `${run.id} ${run.state}` : ''}
        shown={shown?.run.id ?? null}
        onOpen={reopen}
      />
      {live && flown && animated && <AnswerFlights run={flown} answers={live.answers} />}
      <LiveRegion text={runAnnouncement(run)} />
    </Card>
  );
}

/** Settings that are not used as they were given: the first in the line, all on a click. */
function Warnings({ all }: { all: readonly string[] }) {
  return (
    <div>
      <Popover
        label="Warnings about the settings"
        className="flex items-center gap-1 text-left text-warn touch:min-h-11"
        line={
          <span className="line-clamp-2">
            {all.length > 1 ? `+${all.length - 1} ${all[0]}` : all[0]}
          </span>
        }
      >
        {all.map((warning) => (
          <p key={warning} className="text-warn">
            {warning}
          </p>
        ))}
      </Popover>
    </div>
  );
}

interface StartAndStop {
  start: () => void;
  stop: () => void;
}

/** The same functions in every render, which call the latest ones. */
function useStable(latest: StartAndStop): StartAndStop {
  const ref = useRef(latest);
  useEffect(() => {
    ref.current = latest;
  });
  const [stable] = useState(() => ({
    start: () => ref.current.start(),
    stop: () => ref.current.stop(),
  }));
  return stable;
}
