import { drillRequestSchema } from '@/lib/api';
import type { DrillOrder } from '@/lib/curl/drill';
import {
  engineProblem,
  guardChange,
  note,
  problemResponse,
  readJson,
  recorded,
  refuseBody,
  unknownRun,
  type Noted,
} from '@/lib/http';
import { getFeed } from '@/lib/live';
import { getRunner } from '@/lib/runner/app-runner';
import { shell } from '@/lib/swarm/shell';

export const dynamic = 'force-dynamic';

type Context = { params: Promise<{ id: string }> };

/** Starts a failure drill in an active run. Returns 202 with the run; its `drill` has the state. */
export const POST = recorded('start drill', '/api/runs/[id]/drill', startDrill);

async function startDrill(request: Request, { params }: Context): Promise<Response> {
  const refusal = guardChange(request);
  if (refusal) return refusal;
  const read = await readJson(request, drillRequestSchema);
  if (!read.ok) return read.response;
  const { id } = await params;
  note(request, noteOf(read.body));
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

/** Ends the drill now: its node is restored. */
export const DELETE = recorded('end drill', '/api/runs/[id]/drill', endDrill);

async function endDrill(request: Request, { params }: Context): Promise<Response> {
  const refusal = guardChange(request) ?? (await refuseBody(request));
  if (refusal) return refusal;
  const run = getRunner().endDrill((await params).id);
  if (run?.drill) note(request, { node: run.drill.node });
  return run ? Response.json(run, { status: 202 }) : unknownRun();
}

/** Fields for the log. The drill itself logs the task's container, which is known later. */
function noteOf(order: DrillOrder): Noted {
  if (order.kind === 'kill') return { command: shell`docker kill ${order.task}` };
  return {
    node: order.node,
    command: shell`docker node update --availability drain ${order.node}`,
  };
}
