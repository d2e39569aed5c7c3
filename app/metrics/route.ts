import { VERSION } from '@/lib/build';
import { guardRead } from '@/lib/http';
import { getFeed, SCRAPE_MAX_AGE_MS, streamCount } from '@/lib/live';
import { createMetrics, type ViewSource } from '@/lib/observe/metrics';
import { getRunner } from '@/lib/runner/app-runner';

export const dynamic = 'force-dynamic';

/** Prometheus times out after 10 s; when a read takes longer than this, the view's age shows it (ms). */
const POLL_WAIT_MS = 3000;

const source: ViewSource = {
  view: () => getFeed().current().view,
  ageMs() {
    const { at } = getFeed().status();
    return at === null ? null : Math.abs(Date.now() - at);
  },
  engineAnswers: () => getFeed().status().at !== null && getFeed().status().error === null,
  streams: streamCount,
  running: () => getRunner().active(),
};
let metrics: ReturnType<typeof createMetrics> | undefined;

/** Metrics for Prometheus. Without viewers they are at most 5 s old. */
export async function GET(request: Request): Promise<Response> {
  const refusal = guardRead(request);
  if (refusal) return refusal;
  await getFeed().pollIfOlder(SCRAPE_MAX_AGE_MS, POLL_WAIT_MS);
  metrics ??= createMetrics(source, VERSION);
  const { contentType, text } = await metrics(request.headers.get('accept') ?? '');
  const headers = { 'Content-Type': contentType, 'Cache-Control': 'no-store', Vary: 'Accept' };
  return new Response(text, { headers });
}
