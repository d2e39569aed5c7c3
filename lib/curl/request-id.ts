/** Characters of a run's id that its requests' ids begin with: enough to tell runs apart, short in a log's line. */
const RUN_PART = 8;

/**
 * The `X-Request-Id` of the n-th request of a run: `3f2a9c1e-17`. A service that logs it, as the echo service does, has a
 * line to each answer.
 */
export function requestId(runId: string, n: number): string {
  return `${runId.slice(0, RUN_PART)}-${n}`;
}
