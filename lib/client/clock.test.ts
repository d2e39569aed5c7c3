import { afterEach, expect, test, vi } from 'vitest';
import { isTooOld, onTick, setServerClock } from './clock';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

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

test('a tab that was hidden has five seconds to catch up', () => {
  vi.useFakeTimers({ now: 5_000_000 });
  const page = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal('document', page);
  const unsubscribe = onTick(() => {});
  const state = () => isTooOld(Date.now());
  setServerClock(5_000_000, 5_000_000);
  page.hidden = true;
  vi.advanceTimersByTime(60_000);
  page.hidden = false;
  page.dispatchEvent(new Event('visibilitychange'));
  expect(state()).toBe('catching up');
  vi.advanceTimersByTime(5000);
  expect(state()).toBe(true);
  setServerClock(5_065_000, 5_065_000);
  expect(state()).toBe(false);
  unsubscribe();
});
