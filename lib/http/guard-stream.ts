import { streamOwners } from '../auth';
import { streamsClosed, streamsFull } from '../live';
import { guardRead } from './guard';
import { problemResponse } from './problem';
import { reportRefused } from './record';

/** `Retry-After` of a full server (s). */
const RETRY_SECONDS = 15;

/** Whose stream a request opens, and the answer that turns it away; null when there is room for it. */
export function guardStream(request: Request): { owner: unknown; refusal: Response | null } {
  // Sessions, or everybody at one address who has none.
  const owners = streamOwners(request.headers);
  const owner = owners.find((one) => streamsFull(one) !== 'owner') ?? owners[0];
  return { owner, refusal: guardRead(request) ?? refuseClosed() ?? refuseFull(request, owner) };
}

function refuseClosed(): Response | null {
  // A tab that calls over its open connection would keep the old process alive. 204 is an event
  // stream's word for "not here any more"; the tab tries again by itself.
  if (!streamsClosed()) return null;
  return new Response(null, { status: 204, headers: { Connection: 'close' } });
}

function refuseFull(request: Request, owner: unknown): Response | null {
  const full = streamsFull(owner);
  if (!full) return null;
  const [detail, next] =
    full === 'owner'
      ? [
          'Too many pages are open from your address or with your sign-in.',
          'Close some of them, or sign in: who has signed in is counted alone. Where a whole class comes by one proxy, TRUSTED_PROXY has to name it.',
        ]
      : [
          'Too many pages of this dashboard are open, on all devices together.',
          'Close some of them, if they are yours.',
        ];
  const response = problemResponse('too-many-streams', detail, next, { retryAfter: RETRY_SECONDS });
  return reportRefused(request, response);
}
