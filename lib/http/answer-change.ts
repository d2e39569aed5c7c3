import { getFeed } from '../live';
import type { Attribution } from '../swarm/attributions';
import type { Inspected } from '../swarm/engine-json';
import { checkIfMatch } from './etag';
import { engineProblem } from './problem';
import { whoOf } from './who';

/** One change of the swarm, to be made and answered. */
export interface ChangeOfSwarm {
  /** How the service or node is called. */
  name: string;
  /** What the timeline shows; `now` is the entity before the change, null for one that is being created. */
  entry: (now: Inspected | null) => Omit<Attribution, 'by' | 'id'>;
  /** Makes the change. `check` has to run before each attempt, for a new service once with null. Returns the body. */
  make: (check: (now: Inspected | null) => void) => Promise<{ body: unknown; written: boolean }>;
  /** By default 202: the engine accepts a change and makes it afterwards. */
  status?: number;
  headers?: Record<string, string>;
  fieldOf?: (message: string) => string | null;
}

/**
 * Makes a change and answers it: `If-Match` is checked, the timeline learns who made it, and the feed reads the swarm
 * again.
 */
export async function answerChange(
  request: Request,
  { name, entry, make, status = 202, headers = {}, fieldOf }: ChangeOfSwarm,
): Promise<Response> {
  const feed = getFeed();
  const by = whoOf(request.headers);
  /** The announcement of the last attempt. */
  const announced: ReturnType<typeof feed.announce>[] = [];
  const check = (now: Inspected | null) => {
    if (now) checkIfMatch(request, now, name);
    announced.pop()?.failed();
    announced.push(feed.announce({ ...entry(now), by, id: now?.ID ?? null }));
  };
  try {
    const { body, written } = await make(check);
    if (written) announced.pop()?.accepted();
    return Response.json(body, { status, headers: { 'Cache-Control': 'no-store', ...headers } });
  } catch (error) {
    return engineProblem(error, request, { fieldOf });
  } finally {
    announced.pop()?.failed();
    feed.wake();
  }
}
