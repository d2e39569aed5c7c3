import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aNode } from '@/tests/factories/view';
import { alreadySo, changeWords, managersAfter } from './node-change';
import { requestedWords } from './requested-words';

describe('the words of a change', () => {
  test.each([
    [{ availability: 'drain' }, 'Drain zero1', 'Drain', 'zero1 is being drained.'],
    [{ availability: 'pause' }, 'Pause zero1', 'Pause', 'zero1 is paused.'],
    [{ role: 'manager' }, 'Promote zero1', 'Promote', 'zero1 becomes a manager.'],
    [{ role: 'worker' }, 'Demote zero1', 'Demote', 'zero1 becomes a worker.'],
    [
      { labels: { disk: 'ssd' } },
      'Add label disk=ssd to zero1',
      'Add label',
      'zero1 has the label disk=ssd.',
    ],
    [
      { labels: { disk: null } },
      'Remove label disk from zero1',
      'Remove label',
      'zero1 no longer has the label disk.',
    ],
    [{ availability: 'drain', role: 'worker' }, 'Change zero1', 'Change', 'zero1 is changed.'],
    [{ labels: { a: '1', b: '2' } }, 'Change zero1', 'Change', 'zero1 is changed.'],
    [{}, 'Change zero1', 'Change', 'zero1 is changed.'],
  ] as const)('%j', (patch, title, verb, done) => {
    expect(changeWords(patch, 'zero1')).toMatchObject({ title, verb, done });
  });

  test('have the end of a drain', () => {
    expect(changeWords({ availability: 'drain' }, 'zero1').drained).toBe('zero1 is drained.');
    expect(changeWords({ availability: 'pause' }, 'zero1').drained).toBeUndefined();
    expect(changeWords({ availability: 'drain', role: 'worker' }, 'x').drained).toBeUndefined();
  });

  test('are on one line and without markup, whatever a label is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (label, value) => {
        const { title, done } = changeWords({ labels: { [label]: value } }, 'zero1');
        expect(title + done).not.toMatch(/[\n\r`\p{Bidi_Control}]/u);
      }),
    );
  });
});

test('a change that would make no difference is known from the view', () => {
  const node = aNode({ name: 'zero1', availability: 'drain' });
  const already = (patch: Parameters<typeof alreadySo>[0]) => alreadySo(patch, node, 'zero1');
  expect(already({ availability: 'drain' })).toBe('zero1 is drained already.');
  expect(already({ role: 'worker' })).toBe('zero1 is a worker already.');
  expect(already({ availability: 'drain', role: 'worker' })).toBe(
    'zero1 is drained and a worker already.',
  );
  for (const patch of [
    { availability: 'active' },
    { availability: 'drain', role: 'manager' },
    { labels: { a: 'b' } },
    { availability: 'drain', labels: { a: 'b' } },
    {},
  ] as const) {
    expect(already(patch)).toBeNull();
  }
});

test('the managers after a change of role, as the page shows the nodes', () => {
  const ctrl = aNode({
    name: 'ctrl',
    role: 'manager',
    leader: true,
    reachability: 'reachable',
    here: true,
  });
  const nodes = [ctrl, aNode(), aNode({ name: 'zero2' })];
  const zero1 = nodes[1]?.id ?? '';
  expect(managersAfter(nodes, zero1, 'manager')).toMatchObject({
    before: { managers: 1, reachable: 1, needed: 1, tolerated: 0 },
    after: { managers: 2, reachable: 2, needed: 2, tolerated: 0 },
    refused: null,
  });
  expect(managersAfter(nodes, ctrl.id, 'worker')?.refused).toBe(
    'ctrl is the last manager: promote another node first.',
  );
  expect(managersAfter(nodes, zero1, undefined)).toBeNull();
});

test('what was requested is named until the view has it', () => {
  const node = aNode();
  const words = (patch: Parameters<typeof requestedWords>[0]['patch'], removed = false) =>
    requestedWords({ patch, removed }, node);
  expect(words({ availability: 'drain' })).toBe('Requested: drain.');
  expect(words({ availability: 'active' })).toBeNull();
  expect(words({ availability: 'pause', role: 'manager' })).toBe('Requested: pause, manager.');
  expect(words({}, true)).toBe('Requested: removal.');
});
