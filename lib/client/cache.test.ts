import { expect, test, vi } from 'vitest';
import { createLiveCache } from './cache';

test('returns the last value of a key, undefined before the first', () => {
  const cache = createLiveCache();
  expect(cache.get('maxReplicas')).toBeUndefined();
  cache.update('maxReplicas', (before) => (before ?? 1) + 1);
  cache.update('maxReplicas', (before) => (before ?? 1) + 1);
  expect(cache.get('maxReplicas')).toBe(3);
});

test('distinguishes null from a value that was never written', () => {
  const cache = createLiveCache();
  cache.update('past', () => null);
  expect(cache.get('past')).toBeNull();
  expect(cache.get('run')).toBeUndefined();
});

test('notifies only the subscribers of the written key, after the value is set', () => {
  const cache = createLiveCache();
  const seen: unknown[] = [];
  const other = vi.fn();
  cache.subscribe('link', () => seen.push(cache.get('link')));
  cache.subscribe('link', () => seen.push('second'));
  cache.subscribe('health', other);
  cache.update('link', () => 'open');
  expect(seen).toEqual(['open', 'second']);
  expect(other).not.toHaveBeenCalled();
});

test('does not notify after the subscription ended, even if it ends during a notification', () => {
  const cache = createLiveCache();
  const listener = vi.fn();
  const end = cache.subscribe('link', () => {
    end();
    endOther();
  });
  const endOther = cache.subscribe('link', listener);
  cache.update('link', () => 'open');
  cache.update('link', () => 'lost');
  expect(listener).not.toHaveBeenCalled();
});
