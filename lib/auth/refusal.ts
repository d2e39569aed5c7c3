import type { ProblemKind } from '../api';

/** What the guard looks at; a `Request` has it. */
export interface Asked {
  headers: Headers;
}

/** Why a request is turned away, or null when it may pass. */
export type Refusal = {
  kind: ProblemKind;
  detail: string;
  next?: string;
  /** Seconds until it can be different. */
  retryAfter?: number;
} | null;
