import { refuseChange, refuseRead, refuseRun, type Refusal } from '../auth';
import { problemResponse } from './problem';

const answer = (refusal: Refusal) =>
  refusal &&
  problemResponse(refusal.kind, refusal.detail, refusal.next, { retryAfter: refusal.retryAfter });

/** The answer that turns away a request which may not even read; null when it may. */
export function guardRead(request: Request): Response | null {
  return answer(refuseRead(request));
}

/** The answer that turns away a request which may not fire requests at services; null when it may. */
export function guardRun(request: Request): Response | null {
  return answer(refuseRun(request));
}

/** The answer that turns away a request which may not change the swarm; null when it may. */
export function guardChange(request: Request): Response | null {
  return answer(refuseChange(request));
}
