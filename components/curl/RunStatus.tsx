'use client';

import type { Run } from '@/lib/curl/run';
import { clockTime } from '@/lib/swarm/duration';
import { BlockNote, useBlock, useForbidden } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { Help } from '../ui/Help';
import type { StartStop } from './controls/use-start-stop';
import { endedWords } from './words';

/**
 * One line between controls and result, the first that applies: why a start failed or is not possible, which
 * past run is shown, whose run is active, or why the last one ended.
 */
export function RunStatus({
  run,
  past,
  missing,
  startStop,
  onClosePast,
}: {
  /** The active or last run. */
  run: Run | null;
  /** The past run that is shown instead. */
  past: Run | null;
  /** Why no run can start in this swarm. */
  missing: string | null;
  startStop: StartStop;
  onClosePast: () => void;
}) {
  const block = useBlock('run');
  const forbidden = useForbidden('change');
  const { problem, busy, isOurs } = startStop;
  if (problem) {
    return (
      <p role="alert" className="text-bad">
        {problem.detail} <span className="text-dim">{problem.next}</span>{' '}
        <Help id={problem.kind} about="why the run was rejected" />
      </p>
    );
  }
  if (block) return <BlockNote block={block} />;
  if (missing) return <p className="text-warn">{missing}</p>;
  if (past) {
    return (
      <p className="flex flex-wrap items-center gap-x-3 text-dim">
        <span>
          Showing run of <b className="text-ink">{clockTime(past.startedAt)}</b>. {endedWords(past)}
        </span>
        <Button look="link" className="text-xs text-accent" onClick={onClosePast}>
          {run ? 'Latest run' : 'Close'}
        </Button>
      </p>
    );
  }
  if (run?.state !== 'running') return run && <p className="text-dim">{endedWords(run)}</p>;
  if (!isOurs(run.id) && !busy) return <p className="text-dim">A shared run is in progress</p>;
  return forbidden && <BlockNote block={forbidden} />;
}
