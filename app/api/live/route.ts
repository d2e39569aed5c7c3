import { accessOf, callerOf } from '@/lib/auth';
import { BUILD } from '@/lib/build';
import { audienceOf, guardStream } from '@/lib/http';
import {
  encodeMessage,
  getFeed,
  SSE_HEADERS,
  sseStream,
  statusSource,
  timelineSource,
  viewSource,
} from '@/lib/live';
import { runSource } from '@/lib/runner/app-runner';

export const dynamic = 'force-dynamic';

/** The headers of `GET`, without a stream. */
export function HEAD(request: Request): Response {
  return guardStream(request).refusal ?? new Response(null, { headers: SSE_HEADERS });
}

/** A tab's only stream: hello, then the view, status, run and timeline as they change. */
export function GET(request: Request): Response {
  const { owner, refusal } = guardStream(request);
  if (refusal) return refusal;
  const feed = getFeed();
  const hello = JSON.stringify({ kind: 'hello', build: BUILD, access: accessOf(request.headers) });
  let sent = false;
  const helloSource = {
    subscribe: () => () => {},
    take() {
      if (sent) return null;
      sent = true;
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
  return new Response(sseStream(sources, left, owner), { headers: SSE_HEADERS });
}
