import { accessOf, callerOf } from '@/lib/auth';
import { BUILD } from '@/lib/build';
import { audienceOf, guardRead, problemResponse, reportRefused } from '@/lib/http';
import {
  encodeMessage,
  getFeed,
  SSE_HEADERS,
  sseStream,
  statusSource,
  streamsClosed,
  streamsFull,
  timelineSource,
  viewSource,
} from '@/lib/live';
import { runSource } from '@/lib/runner/app';

export const dynamic = 'force-dynamic';

/** The one stream of a tab: hello, then the view, the status and the run and the timeline as they change. */
export function GET(request: Request): Response {
  const refusal = guardRead(request);
  if (refusal) return refusal;
  // A tab that calls over its open connection would keep the old process alive. 204 is an event
  // stream's word for "not here any more"; the tab tries again by itself.
  if (streamsClosed()) return new Response(null, { status: 204, headers: { Connection: 'close' } });
  if (streamsFull()) {
    return reportRefused(
      request,
      problemResponse('too-many-streams', 'Too many pages are open.', 'Close some of them.'),
    );
  }
  const feed = getFeed();
  const hello = JSON.stringify({ kind: 'hello', build: BUILD, access: accessOf(request.headers) });
  let greeted = false;
  const helloSource = {
    subscribe: () => () => {},
    take() {
      if (greeted) return null;
      greeted = true;
      return encodeMessage('hello', hello);
    },
  };
  const sources = [
    helloSource,
    viewSource(feed),
    statusSource(feed, audienceOf(request.headers)),
    runSource(),
    timelineSource(feed),
  ];
  const { ended } = callerOf(request.headers);
  const left = ended ? AbortSignal.any([request.signal, ended]) : request.signal;
  return new Response(sseStream(sources, left), { headers: SSE_HEADERS });
}
