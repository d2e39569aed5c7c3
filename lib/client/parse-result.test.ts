import { expect, test } from 'vitest';
import { joinCommandSchema } from '@/lib/api';
import { parseResult } from './parse-result';

test('returns data that fits the schema', () => {
  const data = { command: 'docker swarm join' };
  expect(parseResult({ ok: true, data }, joinCommandSchema)).toEqual({ ok: true, data });
});

test.each([{}, null, { command: 5 }])('turns the unreadable response %j into a problem', (data) => {
  expect(parseResult({ ok: true, data }, joinCommandSchema)).toMatchObject({
    ok: false,
    problem: { kind: 'page-outdated', next: 'Reload the page.' },
  });
});

test('passes on a refusal', () => {
  const problem = {
    type: 'about:blank',
    title: 'Busy',
    status: 503,
    kind: 'busy',
    detail: 'Busy.',
  } as const;
  expect(parseResult({ ok: false, problem }, joinCommandSchema)).toEqual({ ok: false, problem });
});
