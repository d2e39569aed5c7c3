import { refuseChange } from '@/lib/auth';
import {
  guardRead,
  guardRun,
  note,
  noteOfRun,
  problemResponse,
  recorded,
  refuseBody,
  unknownRun,
} from '@/lib/http';
import { getRunner } from '@/lib/runner/app-runner';

export const dynamic = 'force-dynamic';

type Context = { params: Promise<{ id: string }> };

/** One of the last 20 runs, as it is now. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const refusal = guardRead(request);
  if (refusal) return refusal;
  const run = getRunner().get((await params).id);
  return run ? Response.json(run, { headers: { 'Cache-Control': 'no-store' } }) : unknownRun();
}

/** Stops a run and returns it; a run that has ended is returned unchanged. Guests may stop only guests' runs. */
export const DELETE = recorded('stop run', '/api/runs/[id]', stopRun);

async function stopRun(request: Request, { params }: Context): Promise<Response> {
  const { id } = await params;
  const refusal = guardRun(request) ?? (await refuseBody(request));
  if (refusal) return refusal;
  const runner = getRunner();
  if (runner.startedBy(id) === 'operator' && refuseChange(request)) {
    return problemResponse(
      'operator-required',
      'Guests stop only the runs that guests have started, and this one is an operator’s.',
      'Wait for its end, or sign in as operator.',
    );
  }
  const goes = runner.get(id)?.state === 'running';
  const run = runner.stop(id);
  if (run && goes) note(request, noteOfRun(run.request));
  return run ? Response.json(run) : unknownRun();
}
