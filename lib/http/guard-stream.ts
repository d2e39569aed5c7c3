import { streamOwners } from '../auth';
import { streamsClosed, streamsFull } from '../live';
import { guardRead } from './guard';
import { problemResponse } from './problem';
import { reportRefused } from './record';

/** `Retry-After` of a full server (s). */
const RETRY_SECONDS = 15;

/** The owner of a new stream, or the answer that refuses it. `guard`: who may open it. */
export function guardStream(
  request: Request,
  guard: (request: Request) => Response | null = guardRead,
): { owner: unknown; refusal: Response | null } {
  // By session, or by address for visitors without one.
  const owners = streamOwners(request.headers);
  const owner = owners.find((one) => streamsFull(one) !== 'owner') ?? owners[0];
  return { owner, refusal: guard(request) ?? refuseClosed() ?? refuseFull(request, owner) };
}

function refuseClosed(): Response | null {
  // A stream on an open connection would keep the old process alive. After 204 an EventSource does not
  // reconnect; the page opens a new one.
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
