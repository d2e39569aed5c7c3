import type { Access, Problem } from '@/lib/api';
import { BUILD, BUILD_HEADER } from '@/lib/build';
import { alteredAnswer } from './altered-answer';
import { liveCache } from './cache';
import { readToken } from './csrf-token';
import { PAGE_OUTDATED } from './page-outdated';
import { parseJson, readProblem } from './read-json';

/**
 * How a request to the dashboard's server ended. `data` is null where the response has no body, `etag` without that
 * header; `text` is the body as it came.
 */
export type Result<T> =
  | { ok: true; data: T; etag?: string | null; text?: string }
  | { ok: false; problem: ShownProblem };

/** Why a request failed, for the page to show. `kind` is the id of its row in /help. */
export interface ShownProblem extends Omit<Problem, 'kind'> {
  kind: Problem['kind'] | 'page-outdated' | 'altered-answer';
  /** Seconds until the next attempt can succeed. */
  retryAfter?: number;
}

const NO_ANSWER: Problem = {
  type: 'about:blank',
  title: 'No answer',
  status: 0,
  kind: 'engine-error',
  detail: "The dashboard's server does not answer.",
  next: 'Check that it still runs, then try again.',
};

const OUTDATED: ShownProblem = { ...NO_ANSWER, title: 'Page outdated', ...PAGE_OUTDATED };

const altered = (detail: string): ShownProblem => ({
  ...NO_ANSWER,
  title: 'Altered answer',
  ...alteredAnswer(detail),
});
const FOREIGN = altered('Another program answered in place of the dashboard.');
const UNNAMED = altered(`The answer lacks the dashboard's header ${BUILD_HEADER}.`);
const INCOMPLETE = altered("The dashboard's answer is incomplete.");

/**
 * Sends a request to the dashboard's server and never throws: errors are returned as the server's problem
 * document, or as one of our own when the server cannot be reached or is of another build. Data of this
 * page's build is returned as it is: one schema made both sides. The path is relative to the page, as a proxy
 * may have it below a path.
 */
export async function callApi<T = unknown>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: `api/${string}`,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Result<T>> {
  try {
    const response = await fetch(path, {
      method,
      headers: {
        ...headers,
        'x-csrf-token': readToken() ?? '',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = text === '' ? null : parseJson(text);
    if (response.ok) {
      const build = response.headers.get(BUILD_HEADER);
      if (build === BUILD && json !== undefined) {
        return { ok: true, data: json as T, etag: response.headers.get('etag'), text };
      }
      return { ok: false, problem: problemOf(build, json) };
    }
    const problem = readProblem(json);
    if (!problem) return { ok: false, problem: { ...NO_ANSWER, status: response.status } };
    if (problem.kind === 'sign-in-required') setRole('reader');
    const retryAfter = Number(response.headers.get('retry-after')) || 0;
    return { ok: false, problem: { ...problem, ...(retryAfter > 0 && { retryAfter }) } };
  } catch {
    return { ok: false, problem: NO_ANSWER };
  }
}

/** Why a successful response is rejected, from its build and its body (undefined: not JSON); null if it is fine. */
function problemOf(build: string | null, json: unknown): ShownProblem {
  if (build === BUILD) return INCOMPLETE;
  if (build) return OUTDATED;
  return json === undefined ? FOREIGN : UNNAMED;
}

/** Sets this browser's role after a sign-in or sign-out (`reader`), before the next hello has it. */
export function setRole(role: Access['role']) {
  const signedIn = role !== 'reader';
  const access = liveCache.get('access');
  if (access) liveCache.update('access', () => ({ ...access, signedIn, role }));
}
