'use client';

import { useId, useMemo } from 'react';
import type { SwarmView } from '@/lib/swarm/view';
import { useMayChange, useRun, useView } from '../live/hooks';
import { BlockNote, useBlock } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { Card } from '../ui/Card';
import { CopyCommand } from '../ui/CopyCommand';
import { LiveRegion } from '../ui/LiveRegion';
import { Controls } from './Controls';
import { BeforeFirst } from './BeforeFirst';
import { useSettings } from './remembered';
import { Result } from './Result';
import {
  chooseEntry,
  chooseTarget,
  curlCommand,
  dialable,
  entryNodes,
  pathComplaint,
  runRequest,
  settingsOfRun,
} from './settings';
import { useRunner } from './use-runner';
import { announcement, endedWords } from './words';

const NOTHING: Pick<SwarmView, 'services' | 'nodes'> = { services: [], nodes: [] };

/** Fires requests into the routing mesh and shows which task answered each. */
export function CurlPanel() {
  const view = useView();
  const live = useRun();
  const block = useBlock();
  const mayChange = useMayChange();
  const runner = useRunner();
  const formId = useId();
  const remembered = useSettings();
  const run = live?.run ?? null;
  const going = run?.state === 'running';
  const { services, nodes } = view ?? NOTHING;
  const targets = useMemo(() => dialable(services), [services]);
  const entries = useMemo(() => entryNodes(nodes), [nodes]);

  const request = going ? run.request : null;
  const settings = useMemo(
    () => (request ? settingsOfRun(request, services, nodes) : remembered),
    [request, services, nodes, remembered],
  );
  const target = chooseTarget(targets, settings.target);
  const entry = chooseEntry(entries, settings.entryNode);
  const complaint = pathComplaint(settings.path);
  const missing = view ? whatIsMissing(target !== null, entry !== null) : null;
  const ready = !block && target && entry && !complaint;

  const start = () => {
    if (ready && !going && !runner.busy) void runner.start(runRequest(settings, target, entry));
  };
  const big = !run;
  const button = going ? (
    <Button
      look="primary"
      className="min-w-24 max-xs:w-full"
      disabled={!mayChange || runner.busy}
      onClick={() => void runner.stop(run.id)}
    >
      Stop
    </Button>
  ) : (
    <Button
      look="primary"
      className={big ? 'min-h-12 min-w-40 text-base' : 'min-w-24 max-xs:w-full'}
      type="submit"
      form={formId}
      disabled={!ready || runner.busy}
    >
      {runner.busy ? 'Starting…' : 'Start'}
    </Button>
  );
  const port = going ? run.request.publishedPort : target?.port;

  return (
    <Card title="Curl panel" note={port ? `who answers port ${port}?` : 'who answers?'}>
      <div className="flex flex-wrap items-stretch gap-2">
        <CopyCommand
          className="min-h-11 flex-1 basis-64"
          label="the curl command"
          command={
            entry?.address && target
              ? curlCommand(entry.address, target.port, settings.path)
              : 'curl http://ADDRESS:PORT/Hello!'
          }
        />
        {!big && button}
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
      <div className="min-h-5 text-xs">
        {runner.problem ? (
          <p role="alert" className="text-bad">
            {runner.problem.detail} <span className="text-dim">{runner.problem.next}</span>
          </p>
        ) : block ? (
          <BlockNote block={block} />
        ) : missing ? (
          <p className="text-warn">{missing}</p>
        ) : going && !runner.isOurs(run.id) && !runner.busy ? (
          <p className="text-dim">
            Not started on this page: there is one run at a time, and everybody watches it.
          </p>
        ) : run && !going ? (
          <p className="text-dim">{endedWords(run)}</p>
        ) : null}
      </div>
      {run && live && view ? (
        <Result run={run} answers={live.answers} view={view} />
      ) : (
        <BeforeFirst>{button}</BeforeFirst>
      )}
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
