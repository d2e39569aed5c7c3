'use client';

import { useMemo, useState } from 'react';
import type { Run } from '@/lib/curl/run';
import type { SwarmView } from '@/lib/swarm/view';
import { BlockNote, useBlock } from '../../ui/Blocked';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Help } from '../../ui/Help';
import { Segmented } from '../../ui/Segmented';
import { defaultChoice, drainChoices, type DrillChoice, killChoices } from './drill-choices';
import { drillEffect } from './drill-words';
import { DrillTargets } from './DrillTargets';
import { useStartDrill } from './use-start-drill';

/** For how long a node can be drained, in seconds. */
const DRAIN_SECONDS = [5, 15, 30, 60] as const;

/** Selects a failure to cause during the run, describes it and asks for confirmation. */
export function DrillDialog({
  run,
  view,
  onClose,
}: {
  run: Run;
  view: SwarmView;
  onClose: () => void;
}) {
  const [kind, setKind] = useState<DrillChoice['kind']>('drain');
  const block = useBlock('change', kind);
  const [chosen, choose] = useState<string | null>(null);
  const [seconds, setSeconds] = useState<(typeof DRAIN_SECONDS)[number]>(15);
  const { busy, problem, start } = useStartDrill(run.id, onClose);
  const choices = useMemo(
    () => (kind === 'drain' ? drainChoices(view, run.request) : killChoices(view, run.request)),
    [kind, view, run.request],
  );
  const { name: here } = view.engine;
  const choice = choices.find(({ id }) => id === chosen) ?? defaultChoice(choices, here);
  const { service } = run.request;
  const ended = run.state !== 'running';

  const confirm = ({ id }: DrillChoice) =>
    void start(kind === 'drain' ? { kind, node: id, seconds } : { kind, task: id });

  return (
    <Dialog title="Failure drill" onClose={onClose}>
      <p className="mb-3 text-dim">
        Cause a failure while requests are sent, and see what it costs. Failures that you cause by
        hand are detected too, such as a Zero without power.
      </p>
      <div className="mb-3">
        <Segmented
          label="Failure"
          choices={[
            { value: 'drain' as const, label: 'Drain a node' },
            { value: 'kill' as const, label: 'Kill a task' },
          ]}
          value={kind}
          onChange={(next) => {
            setKind(next);
            choose(null);
          }}
        />
      </div>
      <DrillTargets
        legend={kind === 'drain' ? 'Node' : 'Task'}
        choices={choices}
        chosen={choice}
        empty={
          kind === 'kill'
            ? (view.notices.find(({ id }) => id === 'refused:INFO')?.text ??
              `No task of ${service} runs on ${here}, the node whose engine the dashboard is connected to. Swarm cannot kill a task on another node: drain that node instead.`)
            : 'No node can be drained now.'
        }
        onChoose={choose}
      />
      {kind === 'drain' && choice && (
        <div className="mb-3 flex flex-wrap items-center gap-2">
          <span aria-hidden className="text-dim">
            Duration
          </span>
          <Segmented
            label="Duration of the drain"
            choices={DRAIN_SECONDS.map((value) => ({ value, label: `${value} s` }))}
            value={seconds}
            onChange={setSeconds}
          />
        </div>
      )}
      {choice && <p className="mb-2">{drillEffect(choice, seconds, service)}</p>}
      {kind === 'drain' && choice?.name === here && (
        <p className="mb-2 text-warn">
          If this dashboard runs as a service on {here}, it goes down too.
        </p>
      )}
      {choice && (
        <p className="mb-4 text-xs text-dim">
          Equivalent command: <code className="font-mono text-ink">{choice.command}</code>
        </p>
      )}
      <div role="alert">
        {problem && (
          <p className="mb-3 text-bad">
            {problem.detail} <span className="text-dim">{problem.next}</span>{' '}
            <Help id={problem.kind} about="why the drill was rejected" />
          </p>
        )}
      </div>
      {block && <BlockNote block={block} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="danger"
          disabled={!choice || busy || block !== null || ended}
          onClick={() => choice && confirm(choice)}
        >
          {busy ? 'Starting…' : confirmWords(kind, choice, seconds)}
        </Button>
      </div>
      {ended && (
        <p className="mt-2 text-right text-xs text-warn">
          The run has ended. A drill needs an active run.
        </p>
      )}
    </Dialog>
  );
}

function confirmWords(
  kind: DrillChoice['kind'],
  choice: DrillChoice | undefined,
  seconds: number,
): string {
  if (kind === 'kill') return choice ? `Kill ${choice.name}` : 'Kill';
  return choice ? `Drain ${choice.name} for ${seconds} s` : 'Drain';
}
