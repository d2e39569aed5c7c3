import { describe, expect, test } from 'vitest';
import { pathSchema } from '@/lib/curl/run-schemas';
import type { SwarmView } from '@/lib/swarm/view';
import { DEFAULT_SETTINGS, type RunSettings } from './run-settings';
import { changedWords, limitWords, missingWords, pathProblem } from './settings-words';

test('names what keeps a run from starting', () => {
  const view = (...reads: SwarmView['refused']['reads']) => ({ refused: { reads, changes: {} } });
  expect(missingWords(view(), null, {})).toMatch(/^No published port: publish one/);
  expect(missingWords(view('SERVICES'), null, {})).toMatch(/the proxy .* has to allow SERVICES\.$/);
  expect(missingWords(view(), {}, null)).toMatch(/^No entry node/);
  expect(missingWords(view('SERVICES'), {}, {})).toBeNull();
});

describe('path', () => {
  const samples = ['', '/', '/Hello!', 'Hello', '//evil', '/a b', '/a//b', '/../x', '/?q=1&r=2'];
  const odd = [
    '/é',
    '/a\nb',
    '/#top',
    `/${'x'.repeat(199)}`,
    `/${'x'.repeat(200)}`,
    '/@evil',
    '/%20',
  ];
  test.each([...samples, ...odd])('rejects %j exactly if the server rejects it', (path) => {
    expect(pathProblem(path) === null).toBe(pathSchema.safeParse(path).success);
  });

  test('explains why a path is invalid', () => {
    expect(pathProblem('Hello')).toBe('A path starts with /.');
    expect(pathProblem('/a b')).toContain('%20');
    expect(pathProblem(`/${'x'.repeat(250)}`)).toContain('251');
  });
});

test('warns when the maximum number of requests ends a run early', () => {
  const words = (over: Partial<RunSettings>) => limitWords({ ...DEFAULT_SETTINGS, ...over });
  expect(words({ rate: 100, seconds: 300 })).toBe(
    'Ends after 60 s: a run has at most 6,000 requests.',
  );
  expect(words({ rate: 20, seconds: 300 })).toBe('');
  expect(words({ rate: 100, seconds: 300, mode: 'once' })).toBe('');
});

test('lists hidden settings that differ from the defaults', () => {
  expect(changedWords(DEFAULT_SETTINGS)).toBe('');
  expect(changedWords({ ...DEFAULT_SETTINGS, method: 'HEAD', timeout: 5 })).toBe(
    'HEAD, timeout 5 s',
  );
  expect(changedWords({ ...DEFAULT_SETTINGS, path: '/a', connection: 'keepAlive' })).toBe(
    '/a, keep alive',
  );
});
