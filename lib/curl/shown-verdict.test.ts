import { expect, test } from 'vitest';
import { aRun } from '@/tests/factories/curl';
import { shownVerdict } from './shown-verdict';

test('a verdict is marked as an earlier one once its service is gone', () => {
  const run = aRun({ verdict: 'Round robin' });
  expect(shownVerdict(run, [{ id: 'other' }, { id: 'id-goweb' }])).toBe('Round robin');
  const earlier = 'Earlier run of goweb: Round robin';
  expect(shownVerdict(run, [{ id: 'other' }])).toBe(earlier);
  expect(shownVerdict(run, [])).toBe(earlier);
});
