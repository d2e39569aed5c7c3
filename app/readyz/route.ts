import { refuseRead } from '@/lib/auth';
import { problemResponse } from '@/lib/http';
import { getFeed, whyNotReady } from '@/lib/live';

export const dynamic = 'force-dynamic';

/**
 * Whether the dashboard can show the swarm now: 200, or 503 with only the problem's kind; without the kind
 * for those who may not read.
 */
export async function GET(request: Request): Promise<Response> {
  const kind = await whyNotReady(getFeed());
  if (kind) {
    if (refuseRead(request)) {
      return new Response('not ready\n', { status: 503, headers: { 'Cache-Control': 'no-store' } });
    }
    return problemResponse(kind, 'The dashboard has no current view of the swarm.', undefined, {
      status: 503,
    });
  }
  return new Response('ok\n', { headers: { 'Cache-Control': 'no-store' } });
}
