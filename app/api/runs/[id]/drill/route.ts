import { drillRequestSchema } from '@/lib/api';
import { engineProblem, guardChange, problemResponse, readJson, unknownRun } from '@/lib/http';
import { getFeed } from '@/lib/live';
import { getRunner } from '@/lib/runner/app';

export const dynamic = 'force-dynamic';

type Context = { params: Promise<{ id: string }> };

/** Begins a failure drill in a run that goes: 202 with the run, whose `drill` tells the rest. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const refusal = guardChange(request);
  if (refusal) return refusal;
  const read = await readJson(request, drillRequestSchema);
  if (!read.ok) return read.response;
  const { id } = await params;
  try {
    const view = await getFeed().fresh();
    const drilled = getRunner().drill(id, read.body, view);
    if (drilled.ok) return Response.json(drilled.run, { status: 202 });
    const { kind, detail, next } = drilled.why;
    return problemResponse(kind, detail, next);
  } catch (error) {
    return engineProblem(error, request);
  }
}

/** Ends the drill now: a node that it took out is brought back. */
export async function DELETE(request: Request, { params }: Context): Promise<Response> {
  const refusal = guardChange(request);
  if (refusal) return refusal;
  const run = getRunner().endDrill((await params).id);
  return run ? Response.json(run, { status: 202 }) : unknownRun();
}
