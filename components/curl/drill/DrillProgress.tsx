'use client';

import { isDrillActive, type Drill, type Run } from '@/lib/curl/run';
import { useFromNow } from '@/lib/client/hooks';
import { LiveRegion } from '../../ui/LiveRegion';
import { Meter } from '../../ui/Meter';
import { Tag } from '../../ui/Tag';
import { Term } from '../../ui/Term';
import { drillProgress } from './drill-words';

/** Whether the run has a drill to report: an active one, or one that has ended before the run. */
export function showsDrill({ drill, state }: Run): boolean {
  return drill !== null && (isDrillActive(drill) || state === 'running');
}

/** The state of the run's drill, in one line. */
export function DrillProgress({ run: { drill } }: { run: Run }) {
  return drill && <Progress drill={drill} active={isDrillActive(drill)} />;
}

function Progress({ drill, active }: { drill: Drill; active: boolean }) {
  const left = useFromNow((now) => Math.max(0, Math.ceil(((drill.until ?? now) - now) / 1000)));
  const total = Math.max(1, ((drill.until ?? drill.startedAt) - drill.startedAt) / 1000);
  const border = drill.state === 'failed' ? 'border-bad' : active ? 'border-warn' : 'border-line';
  return (
    <div className={`relative overflow-hidden rounded-lg border px-3 py-1 ${border}`}>
      <p className="line-clamp-2 sm:line-clamp-1">
        <Tag className="mr-2">
          <Term id="drill">drill</Term>
        </Tag>
        {drillProgress(drill, left)}
      </p>
      {drill.state === 'out' && (
        <Meter
          className="absolute inset-x-0 bottom-0 max-h-0.75"
          parts={[
            { key: 'left', width: Math.min(1, left / total), color: 'var(--color-warn-fill)' },
          ]}
        />
      )}
      <LiveRegion
        text={drill.state === 'out' ? `${drill.node} is drained.` : drillProgress(drill, 0)}
      />
    </div>
  );
}
