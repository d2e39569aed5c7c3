import { scaleRequestSchema } from '@/lib/api';
import { engineProblem, guardChange, note, readJson, recorded } from '@/lib/http';
import { getEngine, getFeed } from '@/lib/live';
import { getSettings } from '@/lib/settings';
import { shell } from '@/lib/swarm/shell';

/** Sets a service's replica count. 202 because the engine starts or stops the tasks afterwards. */
export const POST = recorded('scale', '/api/services/[name]/scale', scale);

async function scale(
  request: Request,
  { params }: { params: Promise<{ name: string }> },
): Promise<Response> {
  const refusal = guardChange(request);
  if (refusal) return refusal;
  const read = await readJson(request, scaleRequestSchema(getSettings().maxReplicas));
  if (!read.ok) return read.response;
  const { name } = await params;
  note(request, {
    service: name,
    command: shell`docker service scale ${`${name}=${read.body.replicas}`}`,
  });
  try {
    const { from, to } = await getEngine().scale(name, read.body.replicas);
    return Response.json({ service: name, from, to }, { status: 202 });
  } catch (error) {
    return engineProblem(error, request);
  } finally {
    getFeed().wake();
  }
}
