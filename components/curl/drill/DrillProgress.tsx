'use client';

import { isDrillActive, type Drill, type Run } from '@/lib/curl/run';
import { useFromNow } from '@/lib/client/hooks';
import { LiveRegion } from '../../ui/LiveRegion';
import { Meter } from '../../ui/Meter';
import { Tag } from '../../ui/Tag';
import { Term } from '../../ui/Term';
import { drillProgress } from './drill-words';

/** The state of the run's drill; hidden when the drill and the run are over. */
export function DrillProgress({ run: { drill, state } }: { run: Run }) {
  if (!drill) return null;
  const active = isDrillActive(drill);
  if (!active && state === 'ended') return null;
  return <Progress drill={drill} active={active} />;
}

function Progress({ drill, active }: { drill: Drill; active: boolean }) {
  const left = useFromNow((now) => Math.max(0, Math.ceil(((drill.until ?? now) - now) / 1000)));
  const total = Math.max(1, ((drill.until ?? drill.startedAt) - drill.startedAt) / 1000);
  const border = drill.state === 'failed' ? 'border-bad' : active ? 'border-warn' : 'border-line';
  return (
    <div className={`my-2 rounded-lg border px-3 py-2 text-[13px] ${border}`}>
      <Tag className="mr-2">
        <Term id="drill">drill</Term>
      </Tag>
      {drillProgress(drill, left)}
      {drill.state === 'out' && (
        <Meter
          className="mt-2"
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
