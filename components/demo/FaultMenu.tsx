import type { ComponentProps } from 'react';
import { useView } from '@/lib/client/hooks';
import { grouped } from '../ui/words';
import { Button } from '../ui/Button';
import { Skeleton } from '../ui/Skeleton';
import { EngineFaults } from './EngineFaults';
import { FaultGroup } from './FaultGroup';
import { LARGE_SWARM } from './faults';
import { ImageFaults } from './ImageFaults';
import { NodeFaults } from './NodeFaults';
import { TaskFaults } from './TaskFaults';
import type { DemoControl } from './use-demo';

/** The faults that the demo can simulate, each with what to expect afterwards. */
export function FaultMenu({ demo, disabled }: { demo: DemoControl; disabled: boolean }) {
  const { state, change } = demo;
  const view = useView();
  if (!state) return <Skeleton className="h-40" />;
  const off = disabled || demo.busy;
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,20rem),1fr))] gap-x-6 gap-y-4.5">
      <NodeFaults nodes={state.nodes} off={off} change={change} />
      <TaskFaults tasks={view?.tasks ?? []} off={off} change={change} />
      <ImageFaults
        services={view?.services ?? []}
        failing={state.images}
        off={off}
        change={change}
      />
      <EngineFaults engine={state.engine} off={off} change={change} />
      <FaultGroup
        title="Large swarm"
        note="The HAT stays on top, the other nodes are listed below it. A real controller would be slower."
      >
        <Button
          disabled={off || state.filled}
          onClick={() => change({ path: '/fill', body: LARGE_SWARM })}
        >
          Create {LARGE_SWARM.nodes} nodes and {grouped(LARGE_SWARM.tasks)} tasks
        </Button>
      </FaultGroup>
      <FaultGroup title="Reset" note="Ends all faults. Services that you created stay.">
        <ResetButton look="primary" demo={demo} disabled={off || state.calm} />
      </FaultGroup>
    </div>
  );
}

/** Ends all faults. */
export function ResetButton({
  demo,
  ...rest
}: { demo: DemoControl } & Pick<ComponentProps<typeof Button>, 'look' | 'className' | 'disabled'>) {
  return (
    <Button {...rest} onClick={() => demo.change({ path: '/reset', body: {} })}>
      Reset demo
    </Button>
  );
}
