import type { DemoBody, DemoState } from '@/lib/demo-control';
import { Button } from '../ui/Button';
import { FaultGroup, type FaultActions } from './FaultGroup';
import { ENGINE_DELAY_S } from './faults';

type DemoEngine = DemoState['engine'];

/** Stops, slows or isolates the engine that the dashboard reads. */
export function EngineFaults({ engine, off, change }: FaultActions & { engine: DemoEngine }) {
  const { running, latencyMs, role } = engine;
  const set = (body: DemoBody<'/engine'>) => change({ path: '/engine', body });
  const delayed = latencyMs > 0;
  const quorum = role !== 'no-quorum';
  return (
    <FaultGroup title="Engine failure" note={noteOn(engine)}>
      <Button disabled={off} onClick={() => set({ running: !running })}>
        {running ? 'Stop the engine' : 'Start the engine'}
      </Button>
      <Button
        disabled={off}
        onClick={() => set({ latencyMs: delayed ? 0 : ENGINE_DELAY_S * 1000 })}
      >
        {delayed ? 'Remove the delay' : `Add ${ENGINE_DELAY_S} s delay`}
      </Button>
      <Button disabled={off} onClick={() => set({ role: quorum ? 'no-quorum' : 'manager' })}>
        {quorum ? 'Lose quorum' : 'Regain quorum'}
      </Button>
    </FaultGroup>
  );
}

function noteOn({ running, latencyMs, role }: DemoEngine): string {
  if (!running) return 'Within 2 s after the start the board is live again.';
  if (role === 'no-quorum') return 'Running tasks continue, but nothing can be listed or changed.';
  if (latencyMs > 0) return 'The board is stale between two responses; the page stays responsive.';
  return 'The board keeps its last state, marked as stale with the reason, and recovers by itself.';
}
