import type { Comparison } from '@/lib/curl/compare';
import type { Run } from '@/lib/curl/run';
import { msText, percent } from '../words';

/** Two runs side by side. */

/** A comparison's value as people read it. */
export function valueText(value: Comparison['a'], unit: Comparison['unit']): string {
  if (typeof value === 'string') return value;
  if (unit === 'ms') return msText(value);
  return unit === 'share' ? percent(value) : value === null ? '–' : String(value);
}

/** How the second run differs from the first: `+12 ms`, `differs`; '' when it does not. */
export function changeText({ a, b, unit, change }: Comparison): string {
  if (unit === 'text') return a === b ? '' : 'differs';
  if (change === null || valueText(a, unit) === valueText(b, unit)) return '';
  return `${change > 0 ? '+' : '−'}${valueText(Math.abs(change), unit)}`;
}

/** What each task answered in two runs, matched by name: a replacement takes its slot's place. */
export interface SharePair {
  readonly name: string;
  readonly slot: number | null;
  /** 0 … 1; null when it was not there. */
  readonly before: number | null;
  readonly after: number | null;
}

/** See {@link SharePair}; in the order of slots, tasks of one slot put together. */
export function compareShares(a: Run, b: Run): SharePair[] {
  const pairs = new Map<string, SharePair>();
  for (const [run, side] of [
    [a, 'before'],
    [b, 'after'],
  ] as const) {
    for (const { name, slot, share } of run.shares) {
      const pair = pairs.get(name) ?? { name, slot, before: null, after: null };
      pairs.set(name, { ...pair, [side]: (pair[side] ?? 0) + share });
    }
  }
  return [...pairs.values()].toSorted(
    (x, y) => (x.slot ?? Infinity) - (y.slot ?? Infinity) || (x.name < y.name ? -1 : 1),
  );
}

/** The chosen two with one more or one less; a third one takes the place of the first. */
export function toggled(chosen: readonly string[], id: string): readonly string[] {
  return chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-2);
}
