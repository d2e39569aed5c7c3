import { expect, test } from 'vitest';
import { newLines, pauseAfterScroll } from './follow';

test('scrolling up pauses, scrolling to the end follows again', () => {
  expect(pauseAfterScroll(null, { by: -30, below: 60 })).toBe('scroll');
  expect(pauseAfterScroll('scroll', { by: 40, below: 30 })).toBe('scroll');
  expect(pauseAfterScroll('scroll', { by: 40, below: 3 })).toBeNull();
});

test('a list that grows, or whose oldest lines are dropped at its end, follows on', () => {
  expect(pauseAfterScroll(null, { by: 0, below: 400 })).toBeNull();
  expect(pauseAfterScroll(null, { by: 80, below: 400 })).toBeNull();
  expect(pauseAfterScroll(null, { by: -900, below: 0 })).toBeNull();
});

test.each(['button', 'selection', 'line'] as const)(
  'scrolling to the end does not end a pause by %s',
  (pause) => {
    expect(pauseAfterScroll(pause, { by: 40, below: 0 })).toBe(pause);
    expect(pauseAfterScroll(pause, { by: -40, below: 90 })).toBe(pause);
  },
);

test('counts new lines', () => {
  expect(newLines(1)).toBe('1 new line');
  expect(newLines(1234)).toBe('1,234 new lines');
});
