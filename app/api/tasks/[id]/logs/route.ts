import { problemResponse } from '@/lib/http';
import { logResponse } from '@/lib/logs';
import { findTask } from '@/lib/swarm/find-task';

export const dynamic = 'force-dynamic';

type Context = { params: Promise<{ id: string }> };

/** The log of one task, by its id, its name (the newest of the slot) or the start of its id. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { id } = await params;
  return logResponse(request, (view) => {
    const task = findTask(view, id);
    if (task) return { target: { kind: 'task', id: task.id }, name: task.name };
    return problemResponse(
      'not-found',
      'No task has this id or name.',
      'Swarm keeps the last few tasks of each slot; docker service ps lists them.',
    );
  });
}

/** The headers of `GET`, without a stream. */
export function HEAD(request: Request, context: Context): Promise<Response> {
  return GET(request, context);
}
