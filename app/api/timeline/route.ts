import { guardRead, problemResponse } from '@/lib/http';
import { getFeed } from '@/lib/live';
import { TIMELINE_MS } from '@/lib/swarm/timeline-length';

/**
 * The last hour; with `?from=MS` everything recorded since that time, with `&to=MS` until that one; with `?at=MS` the
 * swarm as it was at that time.
 */
export function GET(request: Request): Response {
  const refusal = guardRead(request);
  if (refusal) return refusal;
  const { timeline, view } = getFeed().encodedView;
  const headers = { 'Cache-Control': 'no-store' };
  const query = new URL(request.url).searchParams;
  for (const name of ['at', 'from', 'to']) {
    if (!/^\d{1,15}$/.test(query.get(name) ?? '0')) {
      const detail = `${name} must be a time in milliseconds since the epoch.`;
      return problemResponse('bad-request', detail);
    }
  }
  const at = query.get('at');
  if (at === null) {
    const now = Date.now();
    const from = Number(query.get('from') ?? now - TIMELINE_MS);
    const to = query.get('to');
    return Response.json(timeline.all(view, from, to === null ? null : Number(to), now), {
      headers,
    });
  }
  const past = timeline.viewAt(Number(at));
  if (past) return Response.json(past, { headers });
  const { forgottenUntil } = timeline;
  return problemResponse(
    'not-found',
    forgottenUntil !== null && Number(at) < forgottenUntil
      ? 'No data: the timeline was full and no longer holds this time.'
      : 'No data: the dashboard was not running at this time, or it is more than a day ago.',
  );
}
