import { mutate } from 'swr';
import type { Access, Problem } from '@/lib/api';
import { KEYS } from './cache';
import { readToken } from './csrf-token';

/** How a request to the dashboard's server ended. `data` is unparsed: parse it by its schema. */
export type Result = { ok: true; data: unknown } | { ok: false; problem: Refused };

/** Why the server refused. `retryAfter`: when to try again, in seconds. */
export type Refused = Problem & { retryAfter?: number };

const NO_ANSWER: Problem = {
  type: 'about:blank',
  title: 'No answer',
  status: 0,
  kind: 'engine-error',
  detail: "The dashboard's server does not answer.",
  next: 'Check that it still runs, then try again.',
};

/**
 * Asks the dashboard's server for something and never throws: what went wrong comes back as the
 * server's problem document, or as one of our own when it cannot be reached. Relative to the page, as a
 * proxy may have it below a path.
 */
export async function callApi(
  method: 'GET' | 'POST' | 'DELETE',
  path: `api/${string}`,
  body?: unknown,
): Promise<Result> {
  try {
    const response = await fetch(path, {
      method,
      headers: {
        'x-csrf-token': readToken() ?? '',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.ok) return { ok: true, data: text ? JSON.parse(text) : null };
    const { problemSchema } = await import('@/lib/api');
    const parsed = problemSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return { ok: false, problem: { ...NO_ANSWER, status: response.status } };
    if (parsed.data.kind === 'sign-in-required') setRole('reader');
    const retryAfter = Number(response.headers.get('retry-after')) || 0;
    return { ok: false, problem: { ...parsed.data, ...(retryAfter > 0 && { retryAfter }) } };
  } catch {
    return { ok: false, problem: NO_ANSWER };
  }
}

/** Notes that this browser has signed in or out (`reader`), without waiting for the next hello. */
export function setRole(role: Access['role']) {
  const signedIn = role !== 'reader';
  void mutate<Access>(KEYS.access, (before) => before && { ...before, signedIn, role }, {
    revalidate: false,
  });
}
