import { expect, test } from 'vitest';
import { byPlace, groupOf } from './fields';

test('fields stand in the order of the form: those in sight, their lists, then the groups', () => {
  const shown = [
    'name',
    'image',
    'replicas',
    'ports.7.published',
    'mode',
    'constraints.1',
    'env.3.name',
    'limits.cpus',
    'labels.9.value',
    'containerLabels',
    'args',
    'update',
    'update.delay',
    'restart.delay',
  ];
  expect(shown.toReversed().sort(byPlace)).toEqual(shown);
});

test.each([
  ['image', 'main'],
  ['ports.1.target', 'main'],
  ['limits', 'resources'],
  ['reservations.memory', 'resources'],
  ['update', 'update'],
  ['env', 'environment'],
  ['constraints.4', 'placement'],
  ['command', 'container'],
  ['', 'main'],
  ['nonsense', 'main'],
])('the field %j is in the group %s', (field, group) => expect(groupOf(field)).toBe(group));
