'use client';

import { useState } from 'react';
import type { Drill, Run } from '@/lib/curl/run';
import type { SwarmView } from '@/lib/swarm/view';
import { useFromNow } from '@/lib/client/hooks';
import { useBlock } from '../../ui/Blocked';
import { Button } from '../../ui/Button';
import { lazyPart } from '../../ui/lazy-part';
import { LiveRegion } from '../../ui/LiveRegion';
import { drillProgress } from './drill-choices';
import { Meter } from '../../ui/Meter';
import { Tag } from '../../ui/Tag';

const DrillDialog = lazyPart(() => import('./DrillDialog').then((part) => part.DrillDialog));

const BUSY: readonly Drill['state'][] = ['starting', 'out', 'returning'];

/** The button that opens the failure drill; while one is going it waits. */
export function DrillButton({ run, view }: { run: Run; view: SwarmView }) {
  const [open, setOpen] = useState(false);
  const block = useBlock();
  const busy = run.drill !== null && BUSY.includes(run.drill.state);
  return (
    <>
      <Button
        className="h-11 max-sm:flex-1"
        disabled={block !== null || busy}
        onClick={() => setOpen(true)}
      >
        Failure drill…
      </Button>
      {open && <DrillDialog run={run} view={view} onClose={() => setOpen(false)} />}
    </>
  );
}

/** How far the run's drill is; nothing when there was none or it is long over. */
export function DrillNote({ run: { drill, state } }: { run: Run }) {
  if (!drill) return null;
  const busy = BUSY.includes(drill.state);
  if (!busy && state === 'ended') return null;
  return <Progress drill={drill} busy={busy} />;
}

function Progress({ drill, busy }: { drill: Drill; busy: boolean }) {
  const left = useFromNow((now) => Math.max(0, Math.ceil(((drill.until ?? now) - now) / 1000)));
  const whole = Math.max(1, ((drill.until ?? drill.startedAt) - drill.startedAt) / 1000);
  return (
    <div
      className={`my-2 rounded-lg border px-3 py-2 text-[13px] ${drill.state === 'failed' ? 'border-bad' : busy ? 'border-warn' : 'border-line'}`}
    >
      <Tag className="mr-2">drill</Tag>
      {drillProgress(drill, left)}
      {drill.state === 'out' && (
        <Meter
          className="mt-2"
          parts={[
            { key: 'left', width: Math.min(1, left / whole), color: 'var(--color-warn-fill)' },
          ]}
        />
      )}
      <LiveRegion
        text={drill.state === 'out' ? `${drill.node} is out.` : drillProgress(drill, 0)}
      />
    </div>
  );
}
