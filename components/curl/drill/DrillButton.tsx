'use client';

import { useState } from 'react';
import { isDrillActive, type Run } from '@/lib/curl/run';
import type { SwarmView } from '@/lib/swarm/view';
import { useBlock } from '../../ui/Blocked';
import { Button } from '../../ui/Button';
import { lazyPart } from '../../ui/lazy-part';

const DrillDialog = lazyPart(() => import('./DrillDialog').then((part) => part.DrillDialog));

/** Opens the drill dialog; disabled while a drill is active. */
export function DrillButton({ run, view }: { run: Run; view: SwarmView }) {
  const [open, setOpen] = useState(false);
  const block = useBlock();
  const active = run.drill !== null && isDrillActive(run.drill);
  return (
    <>
      <Button
        className="h-11 max-sm:flex-1"
        disabled={block !== null || active}
        onClick={() => setOpen(true)}
      >
        Failure drill
      </Button>
      {open && <DrillDialog run={run} view={view} onClose={() => setOpen(false)} />}
    </>
  );
}
