import type { Comparison, ComparisonLine, SharePair } from '@/lib/curl/compare';
import { callApi, type Result } from '@/lib/client/request';
import { msText, percent } from '../words';

/** Fetches the comparison of two runs. */
export function fetchComparison(before: string, after: string): Promise<Result<Comparison>> {
  const [id, other] = [encodeURIComponent(after), encodeURIComponent(before)];
  return callApi<Comparison>('GET', `api/runs/${id}/comparison?with=${other}`);
}

/** Formats a value. */
export function valueText(value: ComparisonLine['a'], unit: ComparisonLine['unit']): string {
  if (typeof value === 'string') return value;
  if (unit === 'ms') return msText(value);
  return unit === 'share' ? percent(value) : value === null ? '–' : String(value);
}

/** Formats the difference: `+12 ms`, `differs`; '' without one. */
export function changeText({ a, b, unit, change }: ComparisonLine): string {
  if (unit === 'text') return a === b ? '' : 'differs';
  if (change === null || valueText(a, unit) === valueText(b, unit)) return '';
  return `${change > 0 ? '+' : '−'}${valueText(Math.abs(change), unit)}`;
}

/** Formats the difference of a replica's shares in percentage points. */
export function pointsText({ before, after }: SharePair): string {
  if (before === null) return 'new';
  if (after === null) return 'gone';
  const change = Math.round((after - before) * 100);
  return change === 0 ? '' : `${change > 0 ? '+' : '−'}${Math.abs(change)} points`;
}

/** Why a difference is not rated. */
export const EVIDENCE_WORDS = {
  real: '',
  noise: 'within noise',
  'too few': 'too few to tell',
} as const;

/** Selects or deselects a run; a third selection replaces the first. */
export function toggled(chosen: readonly string[], id: string): readonly string[] {
  return chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-2);
}
