'use client';

import { useMemo, useState } from 'react';
import type { DrillRequest } from '@/lib/api';
import type { Run } from '@/lib/curl/run';
import type { SwarmView } from '@/lib/swarm/view';
import { callApi, type ShownProblem } from '@/lib/client/request';
import { Help } from '../../ui/Help';
import { BlockNote, useBlock } from '../../ui/Blocked';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Segmented } from '../../ui/Segmented';
import { SlotBadge } from '../../ui/SlotBadge';
import {
  drainChoices,
  drillWords,
  killChoices,
  OUT_SECONDS,
  type DrillChoice,
} from './drill-choices';

/** What to break while the run goes: chosen, told in words, and confirmed. */
export function DrillDialog({
  run,
  view,
  onClose,
}: {
  run: Run;
  view: SwarmView;
  onClose: () => void;
}) {
  const block = useBlock();
  const [kind, setKind] = useState<DrillChoice['kind']>('drain');
  const [chosen, choose] = useState<string | null>(null);
  const [seconds, setSeconds] = useState<number>(15);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const choices = useMemo(
    () => (kind === 'drain' ? drainChoices(view, run.request) : killChoices(view, run.request)),
    [kind, view, run.request],
  );
  const choice = choices.find(({ id }) => id === chosen) ?? defaultChoice(choices, view);
  const here = view.engine.name;
  const service = run.request.service;

  const confirm = async () => {
    if (!choice) return;
    setBusy(true);
    setProblem(null);
    const order: DrillRequest =
      kind === 'drain'
        ? { kind: 'drain', node: choice.id, seconds }
        : { kind: 'kill', task: choice.id };
    const result = await callApi('POST', `api/runs/${encodeURIComponent(run.id)}/drill`, order);
    setBusy(false);
    if (result.ok) onClose();
    else setProblem(result.problem);
  };

  return (
    <Dialog title="Failure drill" onClose={onClose}>
      <p className="mb-3 text-dim">
        Break something on purpose while requests go, and see what it costs. The run notices what
        you do by hand too: pull a Zero's plug, or kill a container there.
      </p>
      <div className="mb-3">
        <Segmented
          label="What to break"
          choices={[
            { value: 'drain' as const, label: 'take a node out' },
            { value: 'kill' as const, label: 'kill a task' },
          ]}
          value={kind}
          onChange={(next) => {
            setKind(next);
            choose(null);
          }}
        />
      </div>
      <fieldset className="mb-3 grid max-h-64 gap-1 overflow-auto">
        <legend className="sr-only">{kind === 'drain' ? 'Which node' : 'Which task'}</legend>
        {choices.map((one) => (
          <label
            key={one.id}
            className="flex min-h-10 cursor-pointer items-center gap-2.5 rounded-lg border border-line px-3 py-1 has-checked:border-line-strong has-checked:bg-raise"
          >
            <input
              type="radio"
              name="drill"
              className="size-4 accent-primary"
              checked={one.id === choice?.id}
              onChange={() => choose(one.id)}
            />
            {one.kind === 'kill' && <SlotBadge slot={one.slot} />}
            <b>{one.name}</b>
            <span className="ml-auto text-right text-xs text-dim">{one.note}</span>
          </label>
        ))}
        {choices.length === 0 && (
          <p className="text-warn">
            {kind === 'kill'
              ? `No task of ${service} runs on ${here}, the node whose engine this page talks to. Swarm has no call that kills a task elsewhere: take its node out, or kill it there by hand.`
              : 'No node can be taken out now.'}
          </p>
        )}
      </fieldset>
      {choice && (
        <>
          {kind === 'drain' && (
            <div className="mb-3 flex flex-wrap items-center gap-2">
              <span aria-hidden className="text-dim">
                out for
              </span>
              <Segmented
                label="Out for"
                choices={OUT_SECONDS.map((value) => ({ value, label: `${value} s` }))}
                value={seconds as (typeof OUT_SECONDS)[number]}
                onChange={setSeconds}
              />
            </div>
          )}
          <p className="mb-2">{drillWords(choice, seconds, service)}</p>
          {kind === 'drain' && choice.name === here && (
            <p className="mb-2 text-warn">
              Should this dashboard run as a service on {here}, it goes down too.
            </p>
          )}
          <p className="mb-4 text-xs text-dim">
            the same by hand: <code className="font-mono text-ink">{choice.command}</code>
          </p>
        </>
      )}
      <div role="alert">
        {problem && (
          <p className="mb-3 text-bad">
            {problem.detail} <span className="text-dim">{problem.next}</span>{' '}
            <Help id={problem.kind} about="why the drill was refused" />
          </p>
        )}
      </div>
      {block && <BlockNote block={block} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Leave it</Button>
        <Button
          look="danger"
          disabled={!choice || busy || block !== null || run.state !== 'running'}
          onClick={() => void confirm()}
        >
          {busy
            ? 'Asking …'
            : choice
              ? kind === 'drain'
                ? `Drain ${choice.name} for ${seconds} s`
                : `Kill ${choice.name}`
              : 'Nothing to break'}
        </Button>
      </div>
      {run.state !== 'running' && (
        <p className="mt-2 text-right text-xs text-warn">The run is over: a drill needs one.</p>
      )}
    </Dialog>
  );
}

/** A worker with a task on it; the node that we talk to only when there is no other. */
function defaultChoice(choices: readonly DrillChoice[], view: SwarmView): DrillChoice | undefined {
  return (
    choices.find(({ kind, name, tasks }) =>
      kind === 'kill' ? true : tasks > 0 && name !== view.engine.name,
    ) ??
    choices.find(({ name }) => name !== view.engine.name) ??
    choices[0]
  );
}
