import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { changeAddress, readParameter, searchText, setParameter } from './page-address';

const location = { pathname: '/swarm/', search: '', hash: '#x' };
const replaceState = vi.fn((_state: unknown, _title: string, url: string) => {
  location.search = new URL(url, 'http://localhost').search;
});
const pushState = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  location.search = '?at=zero1&present';
  vi.stubGlobal('location', location);
  vi.stubGlobal('history', { state: { kept: true }, replaceState, pushState });
  replaceState.mockClear();
});
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('replaces the address once for many changes, and keeps what others wrote', () => {
  for (const tab of ['nodes', 'services', 'timeline']) setParameter('tab', tab);
  setParameter('time', '2026-11-28T23:52:18.123Z');
  changeAddress('settings', (search) => `${search}&rate=20`);
  expect(replaceState).not.toHaveBeenCalled();
  vi.advanceTimersByTime(250);
  expect(replaceState.mock.calls).toEqual([
    [
      { kept: true },
      '',
      '/swarm/?at=zero1&present=&tab=timeline&time=2026-11-28T23:52:18.123Z&rate=20#x',
    ],
  ]);
  expect(pushState).not.toHaveBeenCalled();
  expect(readParameter('tab')).toBe('timeline');
  setParameter('tab', null);
  vi.advanceTimersByTime(250);
  expect(readParameter('tab')).toBeNull();
  expect(readParameter('time')).toBe('2026-11-28T23:52:18.123Z');
});

test('does not write an address that has not changed', () => {
  setParameter('run', null);
  location.search = '?at=zero1&present=';
  vi.advanceTimersByTime(250);
  expect(replaceState).not.toHaveBeenCalled();
});

test('a write that the browser refuses is made with the next change', () => {
  replaceState.mockImplementationOnce(() => {
    throw new DOMException('too many calls', 'SecurityError');
  });
  setParameter('service', 'goweb');
  vi.advanceTimersByTime(250);
  expect(readParameter('service')).toBeNull();
  setParameter('tab', 'nodes');
  vi.advanceTimersByTime(250);
  expect(readParameter('service')).toBe('goweb');
  expect(readParameter('tab')).toBe('nodes');
});

test('a query stays readable, and markup in it is escaped', () => {
  const query = new URLSearchParams({ path: '/a/b!', run: '<script>&=' });
  expect(searchText(query)).toBe('?path=/a/b!&run=%3Cscript%3E%26%3D');
  expect(searchText(new URLSearchParams())).toBe('');
});
