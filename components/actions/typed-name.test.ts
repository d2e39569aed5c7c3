import { expect, test } from 'vitest';
import { checkTyped } from './typed-name';

test.each([
  ['goweb', true, null],
  [' goweb ', true, null],
  ['', false, null],
  ['   ', false, null],
  ['gow', false, 'The name is not complete yet.'],
  ['GoWeb', false, 'Upper and lower case have to match the name.'],
  ['goweb2', false, 'This is not the name of the service.'],
  ['Gow', false, 'This is not the name of the service.'],
])('%j', (typed, isRight, wrong) => {
  expect(checkTyped(typed, 'goweb')).toEqual({ isRight, wrong });
});
