'use client';

import { useEffect, useRef, useState } from 'react';
import useSWR from 'swr';
import type { ShownProblem } from '@/lib/client/request';
import { Scroller } from '../../ui/Scroller';
import { Skeleton } from '../../ui/Skeleton';
import { toggled } from './comparison';
import { fetchPastRun, fetchRuns, type PastRun } from './fetch-runs';
import { RunComparison } from './RunComparison';
import { RunRow } from './RunRow';

export interface RunListProps {
  /** Id and state of the latest run: the list is fetched again when it changes. */
  latest: string;
  /** Id of the run that is shown above. */
  shown: string | null;
  onOpen: (past: PastRun) => void;
}

export function RunList({ latest, shown, onOpen }: RunListProps) {
  const runs = useRuns(latest);
  const [chosen, choose] = useState<readonly string[]>([]);
  const [opening, setOpening] = useState<string | null>(null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  if (!runs) return <Skeleton className="mt-3 h-24" />;
  if (!runs.ok) {
    return (
      <p className="mt-3 text-bad">
        {runs.problem.detail} <span className="text-dim">{runs.problem.next}</span>
      </p>
    );
  }
  if (runs.data.length === 0) return <p className="mt-3 text-dim">No runs yet</p>;
  const open = async (id: string) => {
    setOpening(id);
    setProblem(null);
    const past = await fetchPastRun(id);
    setOpening(null);
    if (past.ok) onOpen(past.data);
    else setProblem(past.problem);
  };
  const [first, second] = runs.data
    .filter(({ id }) => chosen.includes(id))
    .toSorted((a, b) => a.startedAt - b.startedAt);
  return (
    <>
      <Scroller label="Run history" className="mt-2 max-h-80">
        <ul className="grid gap-1.5">
          {runs.data.map((run) => (
            <RunRow
              key={run.id}
              run={run}
              shown={run.id === shown}
              opening={run.id === opening}
              chosen={chosen.includes(run.id)}
              onChoose={() => choose(toggled(chosen, run.id))}
              onOpen={() => void open(run.id)}
            />
          ))}
        </ul>
      </Scroller>
      <div role="alert">
        {problem && (
          <p className="mt-2 text-bad">
            {problem.detail} <span className="text-dim">{problem.next}</span>
          </p>
        )}
      </div>
      {first && second ? (
        <RunComparison before={first} after={second} />
      ) : (
        <p className="mt-2 text-xs text-dim">Select two runs to compare them.</p>
      )}
    </>
  );
}

/** The last runs under one cache key, fetched again when the latest run starts or ends. */
function useRuns(latest: string) {
  const { data, mutate } = useSWR('curl/runs', fetchRuns);
  const fetched = useRef(latest);
  useEffect(() => {
    if (fetched.current === latest) return;
    fetched.current = latest;
    void mutate();
  }, [latest, mutate]);
  return data;
}
