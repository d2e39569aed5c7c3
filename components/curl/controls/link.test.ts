import { describe, expect, test } from 'vitest';
import { ROTATE } from '@/lib/curl/run';
import { readLink, writeLink } from './link';
import { DEFAULT_SETTINGS, type RunSettings } from './run-settings';

const other: RunSettings = {
  target: 'goweb:8888',
  entryNode: ROTATE,
  path: '/a?b=1&c=%20+x',
  method: 'HEAD',
  mode: 'burst',
  rate: 100,
  seconds: 300,
  burst: 500,
  inFlight: 16,
  timeout: 5,
  connection: 'keepAlive',
  keepGoing: true,
};

describe('the set-up in the address', () => {
  test('every control goes there and comes back', () => {
    expect(readLink(writeLink('', other))).toEqual({ settings: other, complaints: [] });
    for (const field of Object.keys(other) as (keyof RunSettings)[]) {
      const one = { ...DEFAULT_SETTINGS, [field]: other[field] };
      expect(readLink(writeLink('', one)).settings).toEqual(one);
    }
  });

  test('the usual set-up is short, but says that it is meant', () => {
    expect(writeLink('', DEFAULT_SETTINGS)).toBe('?mode=steady');
    expect(readLink('?mode=steady').settings).toEqual(DEFAULT_SETTINGS);
    expect(readLink('')).toEqual({ settings: null, complaints: [] });
  });

  test('what is not ours stays', () => {
    expect(readLink('?tab=nodes').settings).toBeNull();
    expect(writeLink('?tab=nodes&rate=20', DEFAULT_SETTINGS)).toBe('?tab=nodes&mode=steady');
  });

  test('a path reads like a path', () => {
    expect(writeLink('', { ...DEFAULT_SETTINGS, path: '/a/b!' })).toBe('?path=/a/b!&mode=steady');
  });

  test.each([
    'rate=0',
    'rate=-1',
    'rate=1e9',
    'rate=NaN',
    'rate=2.5',
    'rate=101',
    'rate=',
    'for=301',
    'path=Hello',
    'path=//evil',
    'path=/a%0d%0ab',
    'method=POST',
    'mode=fast',
    'burst=6001',
    'inflight=17',
    'timeout=x',
    'connection=close',
    'keepgoing=1',
    'ask=http://10.0.0.1',
    'at=a%20b',
  ])('%s is left out and told', (query) => {
    const { settings, complaints } = readLink(`?${query}`);
    expect(settings).toEqual(DEFAULT_SETTINGS);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain(`${query.split('=')[0]}=`);
  });

  test('one bad value spoils no other', () => {
    const { settings, complaints } = readLink('?rate=1e9&for=60&at=zero2');
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, seconds: 60, entryNode: 'zero2' });
    expect(complaints).toEqual(["rate=1e9 in this page's address cannot be used: it is 5 now."]);
  });

  test('a long bad value is not repeated in full', () => {
    expect(readLink(`?path=${'x'.repeat(5000)}`).complaints[0]?.length).toBeLessThan(150);
  });
});
