import { engineProblem, guardRead, unknownTask } from '@/lib/http';
import { getFeed, readView } from '@/lib/live';
import { taskDetails } from '@/lib/swarm/details';
import { findTask } from '@/lib/swarm/find-task';

/** What the details of a task show in addition to the view. Costs the engine nothing while the feed polls. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const refusal = guardRead(request);
  if (refusal) return refusal;
  const { id } = await params;
  const feed = getFeed();
  try {
    const task = findTask(await readView(feed), id);
    const { snapshot, timeline } = feed.encodedView;
    const details = task && snapshot && taskDetails(snapshot, task, timeline.taskStates(task.id));
    if (details) return Response.json(details, { headers: { 'Cache-Control': 'no-store' } });
  } catch (error) {
    return engineProblem(error, request);
  }
  return unknownTask();
}
