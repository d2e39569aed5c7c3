import { afterEach, expect, test, vi } from 'vitest';
import { isTooOld, setServerClock } from './clock';

afterEach(() => void vi.useRealTimers());

test('a view is too old after twelve seconds by the server’s clock', () => {
  vi.useFakeTimers({ now: 5_000_000 });
  expect(isTooOld(Number.MAX_SAFE_INTEGER)).toBe(false);
  // The server is an hour ahead of this browser.
  setServerClock(8_600_000, 8_600_000);
  expect(isTooOld(8_600_000)).toBe(false);
  expect(isTooOld(8_611_900)).toBe(false);
  expect(isTooOld(8_612_100)).toBe(true);
  setServerClock(8_660_000, null);
  expect(isTooOld(8_660_000)).toBe(false);
});
