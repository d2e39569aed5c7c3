'use client';

import { useCallback, useId, useMemo, useRef, useState } from 'react';
import { ROTATE } from '@/lib/curl/run';
import type { SwarmView } from '@/lib/swarm/view';
import { clockTime } from '@/lib/swarm/duration';
import { useMay, useRun, useView } from '@/lib/client/hooks';
import { Help } from '../ui/Help';
import { BlockNote, useBlock, useForbidden } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { Card } from '../ui/Card';
import { CopyCommand } from '../ui/CopyCommand';
import { lazyPart } from '../ui/lazy-part';
import { LiveRegion } from '../ui/LiveRegion';
import { BeforeFirst } from './BeforeFirst';
import { curlCommand } from './controls/command';
import { Controls } from './controls/Controls';
import { DrillButton, DrillNote } from './drill/DrillPart';
import type { PastRun } from './history/past-runs';
import { remember, useRemembered } from './controls/remembered';
import { Result } from './Result';
import {
  addressesOf,
  chooseEntry,
  chooseTarget,
  dialable,
  entryNodes,
  notThere,
  pathComplaint,
  runRequest,
  settingsOfRun,
} from './controls/run-settings';
import { useRunControl } from './controls/use-run-control';
import { announcement, endedWords } from './words';

const Travel = lazyPart(() => import('./flights/AnswerFlights').then((part) => part.Travel));
const History = lazyPart(() => import('./history/RunHistory').then((part) => part.History));

const NOTHING: Pick<SwarmView, 'services' | 'nodes'> = { services: [], nodes: [] };

/** Fires requests into the routing mesh and shows which task answered each. */
export function CurlPanel() {
  const view = useView();
  const live = useRun();
  const block = useBlock('run');
  const forbidden = useForbidden('change');
  const mayRun = useMay('run');
  const runner = useRunControl();
  const formId = useId();
  const top = useRef<HTMLDivElement>(null);
  const remembered = useRemembered();
  /** A run that is over, opened again, and the live one beside which that was done. */
  const [opened, setOpened] = useState<{ past: PastRun; beside: string | null } | null>(null);
  const run = live?.run ?? null;
  const runId = run?.id ?? null;
  const going = run?.state === 'running';
  // It stays when the run is over: the last answers come with the message that ends it.
  const [watched, setWatched] = useState(false);
  if (going && !watched) setWatched(true);
  const { services, nodes } = view ?? NOTHING;
  const targets = useMemo(() => dialable(services), [services]);
  const entries = useMemo(() => entryNodes(nodes), [nodes]);

  const request = going ? run.request : null;
  const settings = useMemo(
    () => (request ? settingsOfRun(request, services, nodes) : remembered.settings),
    [request, services, nodes, remembered],
  );
  const target = chooseTarget(targets, settings.target);
  const entry = chooseEntry(entries, settings.entryNode);
  const complaint = pathComplaint(settings.path);
  const missing = view ? whatIsMissing(target !== null, entry !== null) : null;
  const ready = !block && target && entry && !complaint;
  // A run that starts is watched: what was opened beside the one before it closes.
  const past = opened && opened.beside === runId ? opened.past : null;
  const shown = past ?? live;

  const reopen = useCallback(
    (chosen: PastRun) => {
      setOpened({ past: chosen, beside: runId });
      top.current?.scrollIntoView({ block: 'start', behavior: 'smooth' });
    },
    [runId],
  );

  const start = () => {
    if (!ready || going || runner.busy) return;
    // They may have come by a link.
    remember(settings);
    void runner.start(runRequest(settings, target, entry));
  };
  const big = !run && !past;
  const button = going ? (
    <Button
      look="primary"
      className="h-11 w-24 max-sm:flex-1"
      disabled={!mayRun || runner.busy}
      onClick={() => void runner.stop(run.id)}
    >
      Stop
    </Button>
  ) : (
    <Button
      look="primary"
      className={big ? 'h-12 w-40 text-base' : 'h-11 w-24 max-sm:flex-1'}
      type="submit"
      form={formId}
      disabled={!ready || runner.busy}
    >
      {runner.busy ? 'Starting…' : 'Start'}
    </Button>
  );
  const port = going ? run.request.publishedPort : target?.port;
  const addresses = going
    ? addressesOf(run)
    : (settings.entryNode === ROTATE ? entries : [entry]).flatMap((one) => one?.address ?? []);
  const warnings = view
    ? [...remembered.complaints, ...(going ? [] : notThere(settings, targets, entries))]
    : [];

  return (
    <Card title="Curl panel" note={port ? `who answers port ${port}?` : 'who answers?'}>
      <div className="flex flex-wrap items-start gap-2">
        <CopyCommand
          className="min-h-11 flex-1 max-sm:basis-full"
          label="the curl command"
          command={
            addresses.length > 0 && port
              ? curlCommand({ ...settings, addresses, port })
              : "curl 'http://ADDRESS:PORT/Hello!'"
          }
        />
        {(going || !big) && (
          <div className="flex gap-2 max-sm:w-full">
            {going && view && <DrillButton run={run} view={view} />}
            {!big && button}
          </div>
        )}
      </div>
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <Controls
          settings={settings}
          targets={targets}
          target={target}
          entries={entries}
          entry={entry}
          complaint={complaint}
          fixed={going}
        />
      </form>
      {warnings.map((warning) => (
        <p key={warning} className="mb-1 text-xs text-warn">
          {warning}
        </p>
      ))}
      {run && !past && <DrillNote run={run} />}
      <div ref={top} className="min-h-5 scroll-mt-20 text-xs">
        {runner.problem ? (
          <p role="alert" className="text-bad">
            {runner.problem.detail} <span className="text-dim">{runner.problem.next}</span>{' '}
            <Help id={runner.problem.kind} about="why the run was refused" />
          </p>
        ) : block ? (
          <BlockNote block={block} />
        ) : missing ? (
          <p className="text-warn">{missing}</p>
        ) : past ? (
          <p className="flex flex-wrap items-center gap-x-3 text-dim">
            <span>
              Below is the run of <b className="text-ink">{clockTime(past.run.startedAt)}</b>.{' '}
              {endedWords(past.run)}
            </span>
            <Button look="link" className="text-xs text-accent" onClick={() => setOpened(null)}>
              {run ? 'back to the present one' : 'close it'}
            </Button>
          </p>
        ) : going && !runner.isOurs(run.id) && !runner.busy ? (
          <p className="text-dim">
            Not started on this page: there is one run at a time, and everybody watches it.
          </p>
        ) : going && forbidden ? (
          <BlockNote block={forbidden} />
        ) : run && !going ? (
          <p className="text-dim">{endedWords(run)}</p>
        ) : null}
      </div>
      {shown && view ? (
        <Result run={shown.run} answers={shown.answers} seconds={shown.seconds} view={view} />
      ) : (
        <BeforeFirst>{button}</BeforeFirst>
      )}
      <History
        stamp={run ? `${run.id} ${run.state}` : ''}
        shown={shown?.run.id ?? null}
        onOpen={reopen}
      />
      {live && watched && <Travel run={live.run} answers={live.answers} />}
      <LiveRegion text={announcement(run)} />
    </Card>
  );
}

function whatIsMissing(target: boolean, entry: boolean): string | null {
  if (!target) {
    return 'No port to ask: publish one on the echo service, or label another service clusterhat.curl=true.';
  }
  return entry ? null : 'No node to enter at: none is ready and has an address.';
}
