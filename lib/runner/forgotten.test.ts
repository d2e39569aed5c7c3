import { expect, test, vi } from 'vitest';
import { bringBackForgotten, DRILL_LABEL, type NodeKeeper } from './forgotten';

function anEngine(labels: Record<string, Record<string, string>>) {
  const nodes = Object.entries(labels).map(([name, Labels]) => ({
    ID: `id-${name}`,
    Spec: { Labels, Role: 'worker' as const, Availability: 'drain' as const },
    Description: { Hostname: name },
  }));
  const setAvailability = vi.fn<NodeKeeper['setAvailability']>((_node, to) =>
    Promise.resolve({ to }),
  );
  return { nodes: () => Promise.resolve(nodes), setAvailability };
}

test('a node that a drill left drained is brought back to what it was, and forgets it', async () => {
  const engine = anEngine({ zero1: {}, zero2: { [DRILL_LABEL]: 'pause' }, zero3: { a: 'b' } });
  expect(await bringBackForgotten(engine)).toEqual([
    'zero2 was left drained by a failure drill that was cut off; its availability is pause now.',
  ]);
  expect(engine.setAvailability).toHaveBeenCalledExactlyOnceWith('id-zero2', 'pause', {
    onlyFrom: 'drain',
    labels: { [DRILL_LABEL]: null },
  });
});

test('but not one that is in a drill just now', async () => {
  const engine = anEngine({ zero1: { [DRILL_LABEL]: 'active' } });
  expect(await bringBackForgotten(engine, (id) => id === 'id-zero1')).toEqual([]);
  expect(engine.setAvailability).not.toHaveBeenCalled();
});
