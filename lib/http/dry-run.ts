import { getFeed, readView } from '../live';
import type { Inspected } from '../swarm/engine-json';
import type { Snapshot } from '../swarm/snapshot';
import { etagOf } from './etag';

/** Whether a request only asks what it would do: `?dry-run`. */
export function isDryRun(request: Request): boolean {
  return flag(request, 'dry-run');
}

/** Whether values that are hidden by default are asked for: `?secrets`. */
export function wantsSecrets(request: Request): boolean {
  return flag(request, 'secrets');
}

function flag({ url }: Request, name: string): boolean {
  const value = URL.parse(url)?.searchParams.get(name) ?? null;
  return value !== null && !/^(0|false|no)$/i.test(value);
}

/** The swarm as it is now, with the nodes' names on the page; throws `EngineError`. */
export async function presentSwarm(): Promise<{
  swarm: Snapshot;
  names: ReadonlyMap<string, string>;
} | null> {
  const feed = getFeed();
  const view = await readView(feed);
  const { snapshot } = feed.encodedView;
  if (!snapshot) return null;
  return { swarm: snapshot, names: new Map(view.nodes.map(({ id, name }) => [id, name])) };
}

/** The answer to a dry run; its `ETag`, for `If-Match` of the change, is that of the entity as it was looked at. */
export function dryRunResponse(body: object, now?: Inspected): Response {
  return Response.json(body, {
    headers: { 'Cache-Control': 'no-store', ...(now && { ETag: etagOf(now) }) },
  });
}
