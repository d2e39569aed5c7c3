import { getFeed } from '../live';
import type { Attribution } from '../swarm/attributions';
import type { Inspected } from '../swarm/engine-json';
import { textOf } from '../swarm/spec/raw-spec';
import { checkIfMatch, etagOf } from './etag';
import { engineProblem } from './problem';
import { note } from './record';
import { whoOf } from './who';

/**
 * Has to be called before each attempt with the entity as it is, null for one that is being created, and what the
 * timeline shows. Throws if the entity is not as its sender expects.
 */
export type Announce = (
  now: Inspected | null,
  about: Omit<Attribution, 'by' | 'id' | 'version'>,
) => void;

/** One change of the swarm, to be made and answered. */
export interface ChangeOfSwarm {
  /** How the service or node is called: a name or an id. */
  name: string;
  /** For a service: the command that the change equals, for the log. */
  commandOf?: (name: string) => string;
  /** Makes the change; returns the answer's body. `written`: false if nothing was different. */
  make: (announce: Announce) => Promise<{ body: object; written: boolean }>;
  /** By default 202: the engine accepts a change and makes it afterwards. */
  status?: number;
  headers?: Record<string, string>;
  /** The `ETag` of the entity as it is, by default a service's. */
  tagOf?: (now: Inspected) => string | null;
  /** The field of the request that a message of the engine is about. */
  fieldOf?: (message: string) => string | null;
}

/**
 * Makes a change and answers it: `If-Match` is checked, the timeline learns who made it, and the feed reads the swarm
 * again.
 */
export async function answerChange(
  request: Request,
  { name, commandOf, make, status = 202, headers = {}, tagOf = etagOf, fieldOf }: ChangeOfSwarm,
): Promise<Response> {
  const feed = getFeed();
  const noteNamed = (service: string) => {
    if (commandOf) note(request, { service, command: commandOf(service) });
  };
  noteNamed(name);
  const by = whoOf(request.headers);
  /** That of the last attempt. */
  const announced: ReturnType<typeof feed.announce>[] = [];
  try {
    const { body, written } = await make((now, about) => {
      // Pages name a service by its id.
      const called = (now && textOf(now.Spec['Name'])) ?? name;
      noteNamed(called);
      if (now) checkIfMatch(request, () => tagOf(now), called);
      announced.pop()?.failed();
      const [id, version] = [now?.ID ?? null, now?.Version.Index ?? null];
      announced.push(feed.announce({ ...about, by, id, version }));
    });
    if (written) announced.pop()?.accepted();
    return Response.json(body, { status, headers: { 'Cache-Control': 'no-store', ...headers } });
  } catch (error) {
    return engineProblem(error, request, { fieldOf });
  } finally {
    announced.pop()?.failed();
    feed.wake();
  }
}
