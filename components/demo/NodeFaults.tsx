import { useState } from 'react';
import type { DemoState } from '@/lib/demo-control';
import { Button } from '../ui/Button';
import { FaultChoice } from './FaultChoice';
import { FaultGroup, type FaultActions } from './FaultGroup';

type DemoNode = DemoState['nodes'][number];

/** Power and network of one Zero. */
export function NodeFaults({ nodes, off, change }: FaultActions & { nodes: readonly DemoNode[] }) {
  // Not the controller, the only manager: EngineFaults has what happens without it.
  const zeros = nodes.slice(1);
  const [chosen, choose] = useState('');
  const zero = zeros.find(({ name }) => name === chosen) ?? zeros.at(-1);
  if (!zero) return null;
  const { name, power, link } = zero;
  const set = (body: { power: boolean } | { link: boolean }) =>
    change({ path: '/node', body: { node: name, ...body } });
  return (
    <FaultGroup title="Node failure" note={noteOn(zero)}>
      <FaultChoice
        label="Zero"
        value={name}
        options={zeros.map(({ name }) => ({ value: name, text: name }))}
        disabled={off}
        onChange={choose}
      />
      <Button disabled={off} onClick={() => set({ power: !power })}>
        Power {name} {power ? 'off' : 'on'}
      </Button>
      <Button disabled={off || !power} onClick={() => set({ link: !link })}>
        {link ? 'Disconnect' : 'Reconnect'} {name}
      </Button>
    </FaultGroup>
  );
}

function noteOn({ name, power, link }: DemoNode): string {
  if (!power) {
    return `Once powered on, ${name} is ready within a few seconds (a real one boots for 50 s), without tasks: swarm moves none back.`;
  }
  if (!link) {
    return `Once reconnected, ${name} is ready within a few seconds and stops its tasks that were replaced.`;
  }
  return `${name} will be down after about 15 s, its tasks lost and replaced elsewhere. On a disconnected node they keep running.`;
}
