import type { ProblemKind } from '../api';

/** The part of a `Request` that sign-in and roles depend on. */
export type HeadersOnly = Pick<Request, 'headers'>;

/** Why a request is refused, or null when it may pass. */
export type AccessRefusal = {
  kind: ProblemKind;
  detail: string;
  next?: string;
  /** Seconds until a retry can succeed. */
  retryAfter?: number;
} | null;
