import { expect, test } from 'vitest';
import { aTask } from '@/tests/factories/view';
import { findTask } from './find-task';

const tasks = [
  aTask({ id: 'abcd2', name: 'goweb.1' }),
  aTask({ id: 'abcd1', name: 'goweb.1' }),
  aTask({ id: 'xyz01', name: 'abcd1' }),
];

test.each([
  ['an id before a name', 'abcd1', 'abcd1'],
  ['a name, of which the newest is first', 'goweb.1', 'abcd2'],
  ['the start of an id', 'xyz0', 'xyz01'],
  ['not a start that several have', 'abcd', undefined],
  ['not a short start', 'xyz', undefined],
  ['nothing', '', undefined],
])('finds %s', (_name, wanted, id) => {
  expect(findTask({ tasks }, wanted)?.id).toBe(id);
});
