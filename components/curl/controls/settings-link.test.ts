import { describe, expect, test } from 'vitest';
import { ROTATE } from '@/lib/curl/run';
import { readLink, writeLink } from './settings-link';
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

describe('settings in the address', () => {
  test('reads back every setting that was written', () => {
    expect(readLink(writeLink('', other))).toEqual({ settings: other, problems: [] });
    for (const field of Object.keys(other) as (keyof RunSettings)[]) {
      const one = { ...DEFAULT_SETTINGS, [field]: other[field] };
      expect(readLink(writeLink('', one)).settings).toEqual(one);
    }
  });

  test('writes the mode even when all settings are defaults', () => {
    expect(writeLink('', DEFAULT_SETTINGS)).toBe('?mode=steady');
    expect(readLink('?mode=steady').settings).toEqual(DEFAULT_SETTINGS);
    expect(readLink('')).toEqual({ settings: null, problems: [] });
  });

  test('keeps other parameters', () => {
    expect(readLink('?tab=nodes').settings).toBeNull();
    expect(writeLink('?tab=nodes&rate=20', DEFAULT_SETTINGS)).toBe('?tab=nodes&mode=steady');
  });

  test('leaves the path readable', () => {
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
  ])('rejects %s and reports it', (query) => {
    const { settings, problems } = readLink(`?${query}`);
    expect(settings).toEqual(DEFAULT_SETTINGS);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${query.split('=')[0]}=`);
  });

  test('an invalid value does not affect the others', () => {
    const { settings, problems } = readLink('?rate=1e9&for=60&at=zero2');
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, seconds: 60, entryNode: 'zero2' });
    expect(problems).toEqual(['Link has invalid rate=1e9; using 5/s']);
  });

  test('shortens a long invalid value', () => {
    expect(readLink(`?path=${'x'.repeat(5000)}`).problems[0]?.length).toBeLessThan(150);
  });
});
