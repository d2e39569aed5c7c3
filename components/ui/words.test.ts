import { expect, test } from 'vitest';
import { countWords, filterWords, hasWords } from './words';

test('matches when every word occurs, in any order and case', () => {
  const words = filterWords('  Zero3 DOWN ');
  expect(words).toEqual(['zero3', 'down']);
  expect(hasWords('zero3 is down', words)).toBe(true);
  expect(hasWords('zero3 is ready', words)).toBe(false);
  expect(hasWords('anything', filterWords(' '))).toBe(true);
});

test('counts what matches, of all', () => {
  expect(countWords(1, 1, 'nodes')).toBe('1 node');
  expect(countWords(5000, 5000, 'tasks')).toBe('5,000 tasks');
  expect(countWords(12, 1495, 'nodes')).toBe('12 of 1,495 nodes');
});
