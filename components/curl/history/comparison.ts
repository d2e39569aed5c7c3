import type { Comparison } from '@/lib/curl/compare';
import type { Run } from '@/lib/curl/run';
import { msText, percent } from '../words';

/** Formats a value. */
export function valueText(value: Comparison['a'], unit: Comparison['unit']): string {
  if (typeof value === 'string') return value;
  if (unit === 'ms') return msText(value);
  return unit === 'share' ? percent(value) : value === null ? '–' : String(value);
}

/** Formats the difference: `+12 ms`, `differs`; '' without one. */
export function changeText({ a, b, unit, change }: Comparison): string {
  if (unit === 'text') return a === b ? '' : 'differs';
  if (change === null || valueText(a, unit) === valueText(b, unit)) return '';
  return `${change > 0 ? '+' : '−'}${valueText(Math.abs(change), unit)}`;
}

/** A replica's share of the answers in two runs. Matched by name, so a slot's tasks are one. */
export interface SharePair {
  readonly name: string;
  readonly slot: number | null;
  /** 0 … 1; null if the run did not have the replica. */
  readonly before: number | null;
  readonly after: number | null;
}

/** Returns the shares of both runs in the order of slots, summed up for the tasks of one slot. */
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

/** Selects or deselects a run; a third selection replaces the first. */
export function toggled(chosen: readonly string[], id: string): readonly string[] {
  return chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-2);
}
