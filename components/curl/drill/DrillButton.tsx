'use client';

import { useState } from 'react';
import { isDrillActive, type Run } from '@/lib/curl/run';
import type { SwarmView } from '@/lib/swarm/view';
import { useBlock } from '../../ui/Blocked';
import { Button } from '../../ui/Button';
import { lazyPart } from '../../ui/lazy-part';

const DrillDialog = lazyPart(() => import('./DrillDialog').then((part) => part.DrillDialog));

/** Opens the drill dialog; disabled without an active run, and while a drill is active. */
export function DrillButton({
  run,
  view,
  className,
}: {
  run: Run | null;
  view: SwarmView | null;
  className: string;
}) {
  const [open, setOpen] = useState(false);
  const block = useBlock();
  const running = run?.state === 'running';
  const busy = run !== null && run.drill !== null && isDrillActive(run.drill);
  return (
    <>
      <Button
        className={className}
        disabled={block !== null || !running || busy}
        title={running ? undefined : 'A drill needs an active run.'}
        onClick={() => setOpen(true)}
      >
        Failure drill
        {!running && <span className="text-xs sm:hidden">(during a run)</span>}
      </Button>
      {open && run && view && <DrillDialog run={run} view={view} onClose={() => setOpen(false)} />}
    </>
  );
}
