import type { Run } from './run';
import { chiSquared, chiSquaredP, jainIndex } from './stats';
import type { WindowSummary } from './fairness-window';

/**
 * Evenness statistics of the current fairness windows. Each entry node balances independently, so each has
 * its own χ²; sums of independent χ² are χ² with the summed degrees of freedom.
 */
export function detailsOf(windows: readonly WindowSummary[]): Run['details'] {
  const used = windows.filter((window) => window.answers > 0);
  const tasks = used[0]?.running.size ?? 0;
  if (tasks < 2) return null;
  const totals = new Map<string, number>();
  let [answers, chi2, df] = [0, 0, 0];
  for (const { counts, answers: own } of used) {
    for (const [id, count] of counts) totals.set(id, (totals.get(id) ?? 0) + count);
    answers += own;
    chi2 += chiSquared([...counts.values()]);
    df += tasks - 1;
  }
  const jain = jainIndex([...totals.values()]);
  return { answers, tasks, jain, chi2, df, p: chiSquaredP(chi2, df) };
}
