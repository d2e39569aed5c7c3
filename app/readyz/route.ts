import { problemResponse } from '@/lib/http';
import { getFeed, whyNotReady } from '@/lib/live';

export const dynamic = 'force-dynamic';

/** Says whether the dashboard can show the swarm now: 200, or 503 with the problem's kind and no more. */
export async function GET(): Promise<Response> {
  const kind = await whyNotReady(getFeed());
  if (kind) {
    return problemResponse(kind, 'The dashboard has no picture of the swarm.', undefined, {
      status: 503,
    });
  }
  return new Response('ok\n', { headers: { 'Cache-Control': 'no-store' } });
}
