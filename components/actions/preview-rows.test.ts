import { expect, test } from 'vitest';
import { movesOf } from './preview-rows';

test('tasks that get another node are apart from those that start anew where they are', () => {
  const moved = { task: 'goweb.1', from: 'zero1', to: 'zero2' };
  const stayed = { task: 'goweb.2', from: 'ctrl', to: 'ctrl' };
  const waited = { task: 'goweb.3', from: null, to: 'zero3' };
  expect(movesOf([stayed, moved, waited])).toEqual({
    moving: [moved, waited],
    staying: [stayed],
  });
});
