import { guardRead, problemResponse } from '@/lib/http';
import { getFeed } from '@/lib/live';

/** The last hour as far as somebody watched; with `?at=MS` the swarm as it was at that moment. */
export function GET(request: Request): Response {
  const refusal = guardRead(request);
  if (refusal) return refusal;
  const { timeline } = getFeed().picture;
  const headers = { 'Cache-Control': 'no-store' };
  const at = new URL(request.url).searchParams.get('at');
  if (at === null) return Response.json(timeline.since(0), { headers });
  if (!/^\d{1,15}$/.test(at)) {
    return problemResponse('bad-request', 'at has to be milliseconds since the epoch.');
  }
  const then = timeline.viewAt(Number(at));
  if (!then) return problemResponse('not-found', 'Nobody watched the swarm at that moment.');
  return Response.json(then, { headers });
}
