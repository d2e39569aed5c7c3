import { expect, test } from 'vitest';
import { DRILL_LABEL } from '../drill-label';
import { nodeCommand } from './commands';
import { effectivePatch, type NodePatch } from './node-form';

const made = (patch: NodePatch, labels: Record<string, string> = { a: '1' }) =>
  effectivePatch({ Labels: labels, Role: 'worker', Availability: 'active' }, patch);

test('a label that is to be removed and is not there is no part of the change: docker’s client would refuse it', () => {
  expect(made({ labels: { a: null, b: null, c: '2' } })).toEqual({ labels: { a: null, c: '2' } });
  expect(made({ labels: { toString: null } })).toEqual({});
  expect(nodeCommand('zero1', made({ role: 'manager', labels: { b: null } }))).toBe(
    'docker node promote zero1',
  );
});

test('an availability that a person chooses ends what a drill would restore', () => {
  const drilled = { [DRILL_LABEL]: 'active' };
  expect(made({ availability: 'drain' }, drilled)).toEqual({
    availability: 'drain',
    labels: { [DRILL_LABEL]: null },
  });
  expect(made({ availability: 'drain', labels: { [DRILL_LABEL]: 'pause' } }, drilled)).toEqual({
    availability: 'drain',
    labels: { [DRILL_LABEL]: 'pause' },
  });
  expect(made({ availability: 'drain' })).toEqual({ availability: 'drain' });
});
