import { expect, test } from 'vitest';
import { DRILL_LABEL } from '../drill-label';
import { nodeCommand } from './commands';
import { fieldErrors } from './form';
import { effectivePatch, patchNodeSchema, type NodePatch } from './node-form';

const made = (patch: NodePatch, labels: Record<string, string> = { a: '1' }) =>
  effectivePatch({ Labels: labels, Role: 'worker', Availability: 'active' }, patch);

test('a label that is to be removed and is not there is no part of the change: docker’s client would refuse it', () => {
  expect(made({ labels: { a: null, b: null, c: '2' } })).toEqual({ labels: { a: null, c: '2' } });
  expect(made({ labels: { toString: null } })).toEqual({});
  expect(nodeCommand('zero1', made({ role: 'manager', labels: { b: null } }))).toBe(
    'docker node promote zero1',
  );
});

test('the message of a form that is too long stands at its longest entry, whose name counts', () => {
  const long = 'x'.repeat(1500);
  const names = Array.from({ length: 98 }, (_, n) => [`${n}${long}`, null] as const);
  const labels = { ...Object.fromEntries(names), short: 'value', [`the longest${long}`]: null };
  const { error } = patchNodeSchema.safeParse({ availability: 'active', labels });
  expect(error && fieldErrors(error)).toEqual([
    { field: `labels.the longest${long}`, message: expect.stringContaining('the longest one') },
  ]);
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
