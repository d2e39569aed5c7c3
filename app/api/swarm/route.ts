import { audienceOf, engineProblem, guardRead } from '@/lib/http';
import { getFeed, statusOf } from '@/lib/live';

/** The view as JSON, for programs: the current one while there are viewers, else read for this request. */
export async function GET(request: Request): Promise<Response> {
  const refusal = guardRead(request);
  if (refusal) return refusal;
  const feed = getFeed();
  try {
    const live = feed.subscriberCount > 0 && feed.status().state === 'live';
    const view = live ? feed.current().view : await feed.fresh();
    const status = statusOf(feed, audienceOf(request.headers));
    const body = { rev: feed.current().rev, status, view };
    return Response.json(body, { headers: { 'Cache-Control': 'no-store' } });
  } catch (error) {
    return engineProblem(error, request);
  }
}
