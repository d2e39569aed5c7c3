import {
  engineProblem,
  guardInspect,
  inspectionResponse,
  unknownTask,
  wantsSecrets,
} from '@/lib/http';
import { getEngine, getFeed, readView } from '@/lib/live';
import { findTask } from '@/lib/swarm/find-task';
import { withoutTaskValues } from '@/lib/swarm/spec/hidden-values';

/**
 * A task as the engine has it, for operators. Values of the environment and of options, and names of secrets, are hidden unless
 * `?secrets` asks for them.
 */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const refusal = guardInspect(request);
  if (refusal) return refusal;
  const { id } = await params;
  const secrets = wantsSecrets(request);
  try {
    const task = findTask(await readView(getFeed()), id);
    if (!task) return unknownTask();
    const { ID, json } = await getEngine().inspectTask(task.id, request.signal);
    return inspectionResponse({
      id: ID,
      name: task.name,
      hidden: !secrets,
      pretty: null,
      json: secrets ? json : withoutTaskValues(json),
    });
  } catch (error) {
    return engineProblem(error, request);
  }
}
