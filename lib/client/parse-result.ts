import type * as z from 'zod/mini';
import type { Problem } from '@/lib/api';
import type { Result } from './request';

/** What the page shows of a failed request; `kind` is the id of its row in /help. */
export interface ShownProblem extends Pick<Problem, 'detail' | 'next'> {
  kind: Problem['kind'] | 'page-outdated';
}

/** A response's data by its schema, or why there is none. */
export type Parsed<T> = { ok: true; data: T } | { ok: false; problem: ShownProblem };

const OUTDATED: ShownProblem = {
  kind: 'page-outdated',
  detail: 'This page is older than its server and cannot read its response.',
  next: 'Reload the page.',
};

/** Parses a result's data. A response that an old tab cannot read becomes a problem, not an exception. */
export function parseResult<T>(result: Result, schema: z.ZodMiniType<T>): Parsed<T> {
  if (!result.ok) return result;
  const parsed = schema.safeParse(result.data);
  return parsed.success ? { ok: true, data: parsed.data } : { ok: false, problem: OUTDATED };
}
