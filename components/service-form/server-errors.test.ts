import { expect, test } from 'vitest';
import { checkCreate } from './check-form';
import { newService, newText, type FormState } from './form-state';
import { allHavePlace, errorsOf, refusedBeforehand } from './server-errors';

const row = newText('node.role==worker');
const state: FormState = { ...newService([]), constraints: [row] };
const { places } = checkCreate(state, 20);

test('what swarm would refuse stands at its field, the first message of each', () => {
  const checks = [
    { field: 'name', state: 'refused', text: 'taken' },
    { field: 'name', state: 'refused', text: 'once more' },
    { field: 'ports.0.published', state: 'refused', text: 'in use' },
    { field: 'image', state: 'warning', text: 'not for zero1' },
  ] as const;
  const port = state.ports[0]?.key;
  const both = { checks: places, request: places };
  const answer = { checks: [...checks] };
  expect([...refusedBeforehand({ answer, problem: null }, both)]).toEqual([
    ['name', 'taken'],
    [`ports.${port}.published`, 'in use'],
  ]);
  expect(refusedBeforehand({ answer: null, problem: null }, both).size).toBe(0);
});

test('what the server finds wrong with the request stands at its field before it is sent', () => {
  const problem = { errors: [{ field: 'constraints.0', message: 'not this one' }] };
  const found = refusedBeforehand(
    { answer: null, problem },
    { checks: new Map(), request: places },
  );
  expect([...found]).toEqual([[`constraints.${row.key}`, 'not this one']]);
});

test.each<[string[], 'create' | 'update', boolean]>([
  [['name'], 'create', true],
  [['name', 'constraints.0', 'ports', 'update', 'limits.cpus', 'env'], 'create', true],
  [['name', ''], 'create', false],
  [['resolutionMode'], 'create', false],
  // The form has no such field.
  [['name'], 'update', false],
  [['mode'], 'update', false],
  [['maxConcurrent'], 'create', false],
  [['constraints.7'], 'create', true],
  [[], 'create', false],
])('a refusal about %j is shown at fields of the form to %s: %s', (fields, kind, expected) => {
  const errors = errorsOf({ errors: fields.map((field) => ({ field, message: 'no' })) }, places);
  expect(allHavePlace(errors, kind, state)).toBe(expected);
});
