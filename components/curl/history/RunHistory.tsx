'use client';

import { memo, useState } from 'react';
import useSWR from 'swr';
import type { ShownProblem } from '@/lib/client/request';
import type { Run } from '@/lib/curl/run';
import { clockTime } from '@/lib/swarm/duration';
import { Button } from '../../ui/Button';
import { Scroller } from '../../ui/Scroller';
import { Compare } from './RunComparison';
import { count, msText, setupWords } from '../words';
import { toggled } from './comparison';
import { fetchPast, fetchRuns, type PastRun } from './past-runs';
import { Skeleton } from '../../ui/Skeleton';
import { Tag } from '../../ui/Tag';

/**
 * The last 20 runs: one can be opened again, two compared. `stamp` changes when a run starts or
 * ends, which is when the list is read again.
 */
export const History = memo(function History({
  stamp,
  shown,
  onOpen,
}: {
  stamp: string;
  /** Id of the run that is shown above. */
  shown: string | null;
  onOpen: (past: PastRun) => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className="mt-4 border-t border-line pt-3"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="w-fit py-1 text-[13px]">
        the last runs, to open again or to compare
      </summary>
      {open && <Runs stamp={stamp} shown={shown} onOpen={onOpen} />}
    </details>
  );
});

function Runs({
  stamp,
  shown,
  onOpen,
}: {
  stamp: string;
  shown: string | null;
  onOpen: (past: PastRun) => void;
}) {
  const { data: fetched } = useSWR(`curl/runs ${stamp}`, fetchRuns, { keepPreviousData: true });
  const [chosen, choose] = useState<readonly string[]>([]);
  const [opening, setOpening] = useState<string | null>(null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  if (!fetched) return <Skeleton className="mt-3 h-24" />;
  if (!fetched.ok) {
    return (
      <p className="mt-3 text-bad">
        {fetched.problem.detail} <span className="text-dim">{fetched.problem.next}</span>
      </p>
    );
  }
  const runs = fetched.data;
  if (runs.length === 0) return <p className="mt-3 text-dim">No run yet.</p>;
  const reopen = async (id: string) => {
    setOpening(id);
    setProblem(null);
    const past = await fetchPast(id);
    setOpening(null);
    if (past.ok) onOpen(past.data);
    else setProblem(past.problem);
  };
  const [first, second] = runs
    .filter(({ id }) => chosen.includes(id))
    .toSorted((a, b) => a.startedAt - b.startedAt);
  return (
    <>
      <Scroller label="The last runs" className="mt-2 max-h-80">
        <ul className="grid gap-1.5">
          {runs.map((run) => (
            <RunRow
              key={run.id}
              run={run}
              shown={run.id === shown}
              opening={run.id === opening}
              chosen={chosen.includes(run.id)}
              onChoose={() => choose(toggled(chosen, run.id))}
              onOpen={() => void reopen(run.id)}
            />
          ))}
        </ul>
      </Scroller>
      <div role="alert">{problem && <p className="mt-2 text-bad">{problem.detail}</p>}</div>
      {first && second ? (
        <Compare before={first} after={second} />
      ) : (
        <p className="mt-2 text-xs text-dim">
          Tick two runs to compare them: before and after a drain, or a new connection per request
          against kept ones.
        </p>
      )}
    </>
  );
}

function RunRow({
  run,
  shown,
  opening,
  chosen,
  onChoose,
  onOpen,
}: {
  run: Run;
  shown: boolean;
  opening: boolean;
  chosen: boolean;
  onChoose: () => void;
  onOpen: () => void;
}) {
  const time = clockTime(run.startedAt);
  const facts = [
    `${run.answered} of ${run.sent} answered`,
    `p50 ${msText(run.p50)}`,
    run.marks.length > 0 && count(run.marks.length, 'change'),
  ].filter((part) => part !== false);
  return (
    <li
      data-shown={shown || undefined}
      className="flex flex-wrap items-center gap-x-3 gap-y-0.5 rounded-lg border border-line px-3 py-1.5 data-shown:border-accent"
    >
      <label className="flex min-h-8 cursor-pointer items-center gap-2">
        <input
          type="checkbox"
          className="size-4 accent-primary"
          aria-label={`Compare the run of ${time}`}
          checked={chosen}
          onChange={onChoose}
        />
        <b>{time}</b>
      </label>
      <span className="min-w-0 flex-1 basis-60">
        {setupWords(run.request)}
        <span className="block text-xs text-dim">
          {run.verdict} · {facts.join(' · ')}
        </span>
      </span>
      {run.failed > 0 && <span className="text-xs text-bad">{run.failed} failed</span>}
      {run.state === 'running' ? (
        <Tag>Running</Tag>
      ) : (
        <Button
          className="w-20"
          aria-label={`${shown ? 'Shown:' : opening ? '…' : 'Open'} the run of ${time}`}
          disabled={opening || shown}
          onClick={onOpen}
        >
          {opening ? '…' : shown ? 'shown' : 'open'}
        </Button>
      )}
    </li>
  );
}
