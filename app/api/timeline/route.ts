import { guardRead, problemResponse } from '@/lib/http';
import { getFeed } from '@/lib/live';

/** The recorded part of the last hour; with `?at=MS` the swarm as it was at that time. */
export function GET(request: Request): Response {
  const refusal = guardRead(request);
  if (refusal) return refusal;
  const { timeline, view } = getFeed().encodedView;
  const headers = { 'Cache-Control': 'no-store' };
  const at = new URL(request.url).searchParams.get('at');
  if (at === null) return Response.json(timeline.all(view), { headers });
  if (!/^\d{1,15}$/.test(at)) {
    return problemResponse('bad-request', 'at must be a time in milliseconds since the epoch.');
  }
  const past = timeline.viewAt(Number(at));
  if (past) return Response.json(past, { headers });
  const { forgottenUntil } = timeline.since(0);
  return problemResponse(
    'not-found',
    forgottenUntil !== null && Number(at) < forgottenUntil
      ? 'No data: the timeline was full and no longer holds this time.'
      : 'No data: the dashboard was not open at this time, or it is more than an hour ago.',
  );
}
