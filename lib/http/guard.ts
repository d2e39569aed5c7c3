import { refuseChange, refuseRead } from '../auth';
import { problemResponse } from './problem';

/** The answer that turns away a request which may not change things; null when it may. */
export function guardChange(request: Request): Response | null {
  const refusal = refuseChange(request);
  return refusal && problemResponse(refusal.kind, refusal.detail, refusal.next);
}

/** The answer that turns away a request which may not even read; null when it may. */
export function guardRead(request: Request): Response | null {
  const refusal = refuseRead(request);
  return refusal && problemResponse(refusal.kind, refusal.detail, refusal.next);
}
