'use client';

import { memo, useMemo, useState } from 'react';
import type { Answer, Run, Second } from '@/lib/curl/run';
import type { SwarmView } from '@/lib/swarm/view';
import { AnswerTable } from './charts/AnswerTable';
import { Bars } from './charts/AnswerBars';
import { Changes } from './Changes';
import { Errors } from './charts/ErrorList';
import { Exports } from './Exports';
import { Figures } from './charts/Figures';
import { Latency } from './charts/Latency';
import { Matrix } from './charts/EntryMatrix';
import { Shares } from './charts/Shares';
import { Strip } from './charts/AnswerStrip';
import { sameWho, whoAnswered, type Who } from './charts/answering-tasks';
import { percent, skippedWords } from './words';

/** A run as it goes or went: verdict, counts, every answer, bars, latencies, shares, errors, changes. */
export const Result = memo(function Result({
  run,
  answers,
  seconds,
  view,
}: {
  run: Run;
  answers: readonly Answer[];
  seconds: readonly Second[];
  view: SwarmView;
}) {
  const who = useWho(run, view);
  const nodes = useMemo(() => new Map(view.nodes.map(({ id, name }) => [id, name])), [view.nodes]);
  return (
    <>
      <h3 className="text-lg max-sm:min-h-[2lh]">{run.verdict}</h3>
      <Counts run={run} />
      {run.skipped > 0 && <p className="mt-1.5 text-xs text-warn">{skippedWords(run)}</p>}
      {run.note && <p className="mt-1.5 text-xs text-warn">{run.note}</p>}
      <Strip run={run} answers={answers} who={who} />
      <Bars seconds={seconds} shares={run.shares} request={run.request} marks={run.marks} />
      <Changes marks={run.marks} drill={run.drill} sent={run.sent} ended={run.state === 'ended'} />
      <div className="mt-4 grid grid-cols-1 gap-x-5 gap-y-4 xl:grid-cols-[minmax(0,1fr)_minmax(27rem,1fr)] 2xl:grid-cols-[minmax(0,1fr)_minmax(31rem,1fr)]">
        <Latency run={run} answers={answers} who={who} />
        <Shares shares={run.shares} nodes={nodes} />
      </div>
      {run.entries.length > 1 && <Matrix entries={run.entries} shares={run.shares} nodes={nodes} />}
      <Errors errors={run.errors} />
      <AnswerTable answers={answers} who={who} />
      <Figures details={run.details} lagP99={run.lagP99} />
      <Exports run={run} />
      <p className="mt-3 text-xs text-faint">
        {run.request.connection === 'new'
          ? "Each request opens a connection of its own. Other clients of this port share the mesh's turns with it, so an even spread needs a quiet port."
          : 'Connections are kept and used again: the mesh chose a replica when each was made, and every request on it goes there.'}
      </p>
    </>
  );
});

/** The same map as long as it says the same: a run changes four times a second, its tasks seldom. */
function useWho(run: Run, view: SwarmView): ReadonlyMap<string, Who> {
  const next = useMemo(() => whoAnswered(run, view), [run, view]);
  const [kept, keep] = useState(next);
  if (kept === next || sameWho(kept, next)) return kept;
  keep(next);
  return next;
}

function Counts({ run }: { run: Run }) {
  const facts: [string, string | number, boolean?][] = [
    ['sent', `${run.sent} of ${run.planned}`],
    ['answered', run.answered],
    ['failed', run.failed, run.failed > 0],
    ['skipped', run.skipped],
    ['connections', run.connections],
    ['repeats', percent(run.repeats)],
  ];
  return (
    <dl className="mt-1 flex flex-wrap items-baseline gap-x-4 gap-y-1 text-dim max-sm:grid max-sm:grid-cols-3">
      {facts.map(([name, value, bad]) => (
        <div
          key={name}
          className="flex flex-row-reverse justify-end gap-x-1.5 max-sm:flex-col-reverse"
        >
          <dt className="max-sm:text-xs">{name}</dt>
          <dd className={`font-semibold ${bad ? 'text-bad' : 'text-ink'}`}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
