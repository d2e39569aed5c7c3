import { authenticate } from '@/lib/auth';
import { runRequestSchema } from '@/lib/curl/run-schemas';
import {
  engineProblem,
  guardRead,
  guardRun,
  note,
  noteOfRun,
  problemResponse,
  readJson,
  recorded,
} from '@/lib/http';
import { getFeed } from '@/lib/live';
import { getRunner } from '@/lib/runner/app-runner';

export const dynamic = 'force-dynamic';

/** The last 20 runs, newest first. */
export function GET(request: Request): Response {
  const refusal = guardRead(request);
  if (refusal) return refusal;
  const runs = getRunner().list();
  return Response.json({ runs }, { headers: { 'Cache-Control': 'no-store' } });
}

/** Starts a run: 201 with the run, or a problem document; then no request is sent. */
export const POST = recorded('start run', '/api/runs', startRun);

async function startRun(request: Request): Promise<Response> {
  const refusal = guardRun(request);
  if (refusal) return refusal;
  const read = await readJson(request, runRequestSchema);
  if (!read.ok) return read.response;
  note(request, noteOfRun(read.body));
  try {
    // Read for this run, so that nothing is dialled by an old view.
    const view = await getFeed().fresh();
    const { role } = authenticate(request.headers).caller;
    const by = role === 'guest' ? 'guest' : 'operator';
    const started = getRunner().start(read.body, view, by);
    if (!started.ok) {
      const { kind, detail, next } = started.why;
      return problemResponse(kind, detail, next);
    }
    const { run } = started;
    // Relative to this address, as a proxy may have it below a path.
    return Response.json(run, { status: 201, headers: { Location: `runs/${run.id}` } });
  } catch (error) {
    return engineProblem(error, request);
  }
}
