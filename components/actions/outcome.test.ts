import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { holdOutcome, latestOutcome, reportOutcome, reportOutcomeText } from './outcome';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  reportOutcome(null);
  vi.useRealTimers();
});

const OUTCOME = { text: 'goweb is being updated.' };

test('a change is forgotten after a while, whatever shows it', () => {
  reportOutcome(OUTCOME);
  vi.advanceTimersByTime(19_000);
  expect(latestOutcome()).toBe(OUTCOME);
  // A note that is mounted late shows the same text.
  reportOutcomeText(OUTCOME.text);
  vi.advanceTimersByTime(2000);
  expect(latestOutcome()).toBeNull();
});

test('a service that goes on changing does not keep it', () => {
  reportOutcome(OUTCOME);
  for (const text of ['updated', 'paused', 'rolled back']) {
    vi.advanceTimersByTime(10_000);
    reportOutcomeText(text);
  }
  vi.advanceTimersByTime(9000);
  expect(latestOutcome()).toBe(OUTCOME);
  vi.advanceTimersByTime(2000);
  expect(latestOutcome()).toBeNull();
});

test('is kept while it is read; the next change starts its own time', () => {
  reportOutcome(OUTCOME);
  holdOutcome(true);
  vi.advanceTimersByTime(120_000);
  expect(latestOutcome()).toBe(OUTCOME);
  const next = { text: 'goweb is rolled back.' };
  reportOutcome(next);
  vi.advanceTimersByTime(19_000);
  expect(latestOutcome()).toBe(next);
  holdOutcome(true);
  vi.advanceTimersByTime(5000);
  holdOutcome(false);
  vi.advanceTimersByTime(1000);
  expect(latestOutcome()).toBe(next);
  vi.advanceTimersByTime(2000);
  expect(latestOutcome()).toBeNull();
});
