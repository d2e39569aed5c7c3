import { expect, test, vi } from 'vitest';
import { DRILL_LABEL } from '@/lib/swarm/drill-label';
import { restoreDrainedNodes, type NodeAvailability } from './restore-nodes';

function anEngine(labels: Record<string, Record<string, string>>) {
  const nodes = Object.entries(labels).map(([name, Labels]) => ({
    ID: `id-${name}`,
    Spec: { Labels, Role: 'worker' as const, Availability: 'drain' as const },
    Description: { Hostname: name },
  }));
  const setAvailability = vi.fn<NodeAvailability['setAvailability']>((_node, to) =>
    Promise.resolve({ to }),
  );
  return { nodes: () => Promise.resolve(nodes), setAvailability };
}

test('restores the availability that a drill changed and removes its label', async () => {
  const engine = anEngine({ zero1: {}, zero2: { [DRILL_LABEL]: 'pause' }, zero3: { a: 'b' } });
  expect(await restoreDrainedNodes(engine)).toEqual([
    'zero2 was left drained by an interrupted failure drill; its availability is pause now.',
  ]);
  expect(engine.setAvailability).toHaveBeenCalledExactlyOnceWith('id-zero2', 'pause', {
    onlyFrom: 'drain',
    onlyLabelled: DRILL_LABEL,
    labels: { [DRILL_LABEL]: null },
  });
});

test('skips a node in an active drill', async () => {
  const engine = anEngine({ zero1: { [DRILL_LABEL]: 'active' } });
  expect(await restoreDrainedNodes(engine, (id) => id === 'id-zero1')).toEqual([]);
  expect(engine.setAvailability).not.toHaveBeenCalled();
});
