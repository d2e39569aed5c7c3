import type { Problem } from '@/lib/api';

/** The parsed text; undefined if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * A problem document; null for anything else, such as a proxy's own error page. Its fields are the same in
 * all builds.
 */
export function readProblem(json: unknown): Problem | null {
  const { kind, detail } = (json ?? {}) as Partial<Record<keyof Problem, unknown>>;
  return typeof kind === 'string' && typeof detail === 'string' ? (json as Problem) : null;
}
