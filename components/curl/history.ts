import type { Run } from '@/lib/curl/run';
import { clockTime, count, msText, percent, setupWords } from './words';

/** Two runs side by side. */

/** One line of a comparison. */
export interface Line {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** How the second differs, as `+12 ms`; '' when it does not or cannot be said. */
  readonly change: string;
  /** Whether the difference is for the better; null where there is no better. */
  readonly better: boolean | null;
}

/** What two runs say about the same thing; `a` is the earlier one. */
export function compareRuns(a: Run, b: Run): Line[] {
  return [
    words('set-up', setupWords(a.request), setupWords(b.request)),
    words('verdict', a.verdict, b.verdict),
    number('sent', a.sent, b.sent, String, null),
    number('answered', a.answered, b.answered, String, null),
    number('failed', a.failed, b.failed, String, 'less'),
    number('skipped', a.skipped, b.skipped, String, 'less'),
    number('connections', a.connections, b.connections, String, null),
    number('repeats', a.repeats, b.repeats, percent, null),
    number(
      'even to within',
      a.spread,
      b.spread,
      (n) => (n === null ? '–' : count(n, 'request')),
      'less',
    ),
    number('p50', a.p50, b.p50, msText, 'less'),
    number('p95', a.p95, b.p95, msText, 'less'),
    number('p99', a.p99, b.p99, msText, 'less'),
    number('changes meanwhile', a.marks.length, b.marks.length, String, null),
    number('requests lost to them', lostTo(a), lostTo(b), String, 'less'),
  ];
}

function lostTo({ marks }: Run): number {
  return marks.reduce((sum, { cost }) => sum + cost.lost, 0);
}

function words(name: string, before: string, after: string): Line {
  return { name, before, after, change: before === after ? '' : 'differs', better: null };
}

function number(
  name: string,
  a: number | null,
  b: number | null,
  text: (n: number | null) => string,
  good: 'less' | null,
): Line {
  const line = { name, before: text(a), after: text(b) };
  if (a === null || b === null || line.before === line.after) {
    return { ...line, change: '', better: null };
  }
  const change = `${b > a ? '+' : '−'}${text(Math.abs(b - a))}`;
  return { ...line, change, better: good === null ? null : b < a };
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

/** A run as a row of the history says it. */
export function runTitle(run: Pick<Run, 'startedAt' | 'request'>): string {
  return `${clockTime(run.startedAt)} · ${setupWords(run.request)}`;
}

/** The chosen two with one more or one less; a third one takes the place of the first. */
export function toggled(chosen: readonly string[], id: string): readonly string[] {
  return chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-2);
}
