import { isDryRun } from '../api';
import {
  refuseChange,
  refuseInspect,
  refuseLogs,
  refuseRead,
  refuseRun,
  type AccessRefusal,
} from '../auth';
import { problemResponse } from './problem';
import { reportRefused, reportRefusedPage } from './record';

const answer = (request: Request, refusal: AccessRefusal) =>
  refusal &&
  reportRefused(
    request,
    problemResponse(refusal.kind, refusal.detail, refusal.next, { retryAfter: refusal.retryAfter }),
  );

/** Why the page at `path` may not be shown to the sender of these headers; null when it may. */
export function guardPage(headers: Headers, path: string): AccessRefusal {
  const refusal = refuseRead({ headers });
  if (refusal) reportRefusedPage(headers, path, refusal.kind);
  return refusal;
}

/** The refusal of a request that may not read; null when it may. */
export function guardRead(request: Request): Response | null {
  return answer(request, refuseRead(request));
}

/** The refusal of a request that may not start runs; null when it may. */
export function guardRun(request: Request): Response | null {
  return answer(request, refuseRun(request));
}

/** The refusal of a request that may not read logs; null when it may. */
export function guardLogs(request: Request): Response | null {
  return answer(request, refuseLogs(request));
}

/** The refusal of a request that may not read all of a service; null when it may. */
export function guardInspect(request: Request): Response | null {
  return answer(request, refuseInspect(request));
}

/**
 * The refusal of a request that may not change the swarm, or that asks for a dry run where there is none (`hasDryRun`) or
 * in other letters: ignored, it would change what its sender only wanted to look at. Null when it may.
 */
export function guardChange(request: Request, { hasDryRun = false } = {}): Response | null {
  const refusal = answer(request, refuseChange(request));
  if (refusal) return refusal;
  const query = new URL(request.url).searchParams;
  const isOther = (name: string) => name !== 'dry-run' && /^dry[-_]*run$/i.test(name);
  if ([...query.keys()].some(isOther)) {
    return problemResponse(
      'bad-request',
      'A dry run is asked for by ?dry-run. Nothing was changed.',
    );
  }
  if (hasDryRun || !isDryRun(query)) return null;
  return problemResponse('bad-request', 'This request has no dry run. Nothing was changed.');
}
