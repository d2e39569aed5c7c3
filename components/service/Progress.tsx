'use client';

import { useMemo, useState } from 'react';
import { slotRows } from '@/lib/swarm/convergence';
import { replicasText } from '@/lib/swarm/replicas';
import { shell } from '@/lib/swarm/shell';
import type { ServiceView, SwarmView } from '@/lib/swarm/view';
import { inSentence } from '@/lib/swarm/words';
import { lazyPart } from '../ui/lazy-part';
import { TermText } from '../ui/TermText';
import { Prose } from '../ui/Prose';
import { useCached } from '@/lib/client/use-cached';
import { useBadges } from '@/lib/client/use-badges';
import { ProgressBars, ProgressGrid } from './ProgressRows';
import { keepGoneRows, type ProgressRow } from './progress-rows';
import { verifyTone } from './verify-tone';

export { ServiceActions } from './ServiceActions';

const Reasons = lazyPart(() => import('./Reasons').then((part) => part.Reasons));

/** Above this number of rows each is a square in a grid, as high as that many rows. */
const MAX_BARS = 5;
/** Placeholders drawn for requested replicas. */
const MAX_REQUESTED = 100;

/** What `docker service scale` prints while it waits: progress, a row per slot, and the result. */
export function Progress({
  view,
  service,
  wanted,
}: {
  view: SwarmView;
  service: ServiceView;
  /** The requested count, until the engine shows it. */
  wanted: number | null;
}) {
  const { phrase, verify, phase, last } = service.convergence;
  const time = useCached('convergenceTime');
  const accepted = useCached('requested')?.[service.id];
  const all = useRows(view, service, phase === 'converged' && wanted === null);
  // A row for each replica would show tasks that are not known to exist.
  const rows = service.running === null ? [] : all;
  const requested =
    service.running === null
      ? 0
      : Math.max(0, Math.min(MAX_REQUESTED, (wanted ?? 0) - rows.length));
  const badgeOf = useBadges(view);
  const badgeOfRow = ({ slot, name, task }: ProgressRow) =>
    badgeOf({ serviceId: service.id, slot, name, nodeId: task?.nodeId ?? null });
  const Rows = rows.length + requested > MAX_BARS ? ProgressGrid : ProgressBars;
  return (
    <>
      {service.replicas === null && service.listed && (
        <p className="my-4 text-dim">
          <Prose text={modeWords(service)} />
        </p>
      )}
      <p className="truncate text-dim" title={phrase}>
        {/* The longest one, with the same height. */}
        <span className={phrase.includes('rolling back') ? 'text-xs tracking-tight' : ''}>
          {phrase}
        </span>
        {service.job && <span className="font-mono"> · {replicasText(service)}</span>}
      </p>
      <p
        title={[verify, last].filter(Boolean).join('\n')}
        className={`h-5 truncate text-xs ${accepted ? 'text-accent' : verifyTone(service)}`}
      >
        {accepted ?? <TermText text={verify ?? ''} words={['converged']} />}
        {!requested &&
          phase === 'converged' &&
          time?.id === service.id &&
          time.version === service.version && (
            <span className="text-dim"> · converged in {(time.ms / 1000).toFixed(1)} s</span>
          )}
        {!accepted && last && <span className="text-dim"> · {last}</span>}
      </p>
      <Rows rows={rows} requested={requested} badgeOf={badgeOfRow} />
      <div className="mt-2 h-9 text-xs touch:h-11">
        {service.replicas === 0 && rows.length === 0 && wanted === null && (
          <p className="text-dim">Scaled to 0: no task answers.</p>
        )}
        {/* The note on a paused update has its failure, and lies over this place. */}
        {phase !== 'paused' && mayHaveReasons(service, rows) && (
          <Reasons view={view} service={service} rows={rows} />
        )}
      </div>
    </>
  );
}

function mayHaveReasons({ platformLimit, uneven }: ServiceView, rows: readonly ProgressRow[]) {
  return (
    platformLimit !== null || uneven !== null || rows.some(({ task }) => task?.phase !== 'running')
  );
}

function useRows(view: SwarmView, service: ServiceView, settled: boolean): readonly ProgressRow[] {
  const { tasks, nodes } = view;
  const current = useMemo(() => slotRows(service, tasks, nodes), [service, tasks, nodes]);
  const [last, setLast] = useState(() => ({
    current,
    settled,
    rows: keepGoneRows([], current, true),
  }));
  if (last.current === current && last.settled === settled) return last.rows;
  const rows = keepGoneRows(last.rows, current, settled);
  setLast({ current, settled, rows });
  return rows;
}

function modeWords({ mode, name: full }: ServiceView): string {
  const name = inSentence(full);
  switch (mode) {
    case 'global':
      return `${name} is a global service: swarm runs one task on every node that takes tasks, and on each node that joins. It has no replica count.`;
    case 'replicated':
      return `The engine reports no number of replicas for ${name}, so it cannot be scaled here: \`${shell`docker service scale ${full}=NUMBER`}\`.`;
    case 'unknown':
      return `The engine reports no mode of ${name} that this dashboard knows, so it cannot be scaled here.`;
    default:
      return `${name} is a job: each of its tasks runs once, to its end. It has no replica count to keep up.`;
  }
}
