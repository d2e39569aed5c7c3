import { audienceOf, engineProblem, guardRead } from '@/lib/http';
import { getFeed, readView, statusOf } from '@/lib/live';

/** The view as JSON, for programs: the current one while there are viewers, else read for this request. */
export async function GET(request: Request): Promise<Response> {
  const refusal = guardRead(request);
  if (refusal) return refusal;
  const feed = getFeed();
  try {
    const view = await readView(feed);
    const status = statusOf(feed, audienceOf(request.headers));
    const body = { rev: feed.current().rev, status, view };
    return Response.json(body, { headers: { 'Cache-Control': 'no-store' } });
  } catch (error) {
    return engineProblem(error, request);
  }
}
