import { expect, test, vi } from 'vitest';
import { aGap, anEntry, aSpan } from '@/tests/factories/timeline';
import { OlderHistoryLoader, withOlder } from './older-history';

const HOUR = 3_600_000;
const NOW = 100 * HOUR;
const LIVE = { entries: [], spans: [], gaps: [], forgottenUntil: null };
const NEWS = { entries: [], spans: [], gaps: [], forgottenUntil: null };

function aLoader() {
  const load = vi.fn((_from: number, _to: number) =>
    Promise.resolve({ ok: true as const, data: NEWS }),
  );
  return { load, loader: new OlderHistoryLoader(load) };
}

test('loads nothing while the live part has the whole window', async () => {
  const { load, loader } = aLoader();
  await loader.need(NOW - HOUR, LIVE, NOW);
  expect(load).not.toHaveBeenCalled();
  // A crash loop has filled the live part with 20 minutes.
  await loader.need(NOW - HOUR, { ...LIVE, forgottenUntil: NOW - HOUR / 3 }, NOW);
  expect(load).toHaveBeenCalledTimes(1);
});

test('loads a longer time once, and again when the live part has moved on or the window is longer', async () => {
  const { load, loader } = aLoader();
  const six = (now: number) => loader.need(now - 6 * HOUR, LIVE, now);
  await six(NOW);
  expect(load).toHaveBeenLastCalledWith(NOW - 6 * HOUR, NOW - (5 / 6) * HOUR);
  await loader.need(NOW - 5 * HOUR, LIVE, NOW + 60_000);
  await six(NOW + 1);
  await loader.need(NOW - 6 * HOUR, LIVE, NOW + HOUR / 6 - 1);
  expect(load).toHaveBeenCalledTimes(1);
  await loader.need(NOW - 6 * HOUR, LIVE, NOW + HOUR / 6 + 1);
  expect(load).toHaveBeenCalledTimes(2);
  await loader.need(NOW - 24 * HOUR, LIVE, NOW + HOUR / 6 + 2);
  expect(load).toHaveBeenCalledTimes(3);
});

test('reports a failure, and tries again after ten seconds', async () => {
  const problem = { kind: 'other', detail: 'No answer.' } as never;
  const load = vi.fn(() => Promise.resolve({ ok: false as const, problem }));
  const loader = new OlderHistoryLoader(load);
  await loader.need(0, LIVE, NOW);
  expect(loader.problem()).toBe('No answer.');
  await loader.need(0, LIVE, NOW + 5000);
  expect(load).toHaveBeenCalledTimes(1);
  await loader.need(0, LIVE, NOW + 10_000);
  expect(load).toHaveBeenCalledTimes(2);
});

test('joins the two parts without doubling what both have', () => {
  const to = 1000;
  const old = { entry: anEntry({ at: 500 }), span: aSpan({ to: 900 }), gap: aGap({ to: 600 }) };
  const late = { entry: anEntry({ at: 1500 }), span: aSpan({ to: 1000 }), gap: aGap({ to: null }) };
  const live = {
    entries: [old.entry, late.entry],
    spans: [old.span, late.span],
    gaps: [old.gap, late.gap],
    forgottenUntil: 700,
  };
  const part = { entries: [old.entry], spans: [old.span], gaps: [old.gap], forgottenUntil: null };
  expect(withOlder(live, { ...part, from: 0, to })).toEqual({ ...live, forgottenUntil: null });
  expect(withOlder(live, null)).toBe(live);
});
