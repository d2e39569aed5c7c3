import { hasFlag, isDryRun as isDryRunQuery } from '../api';
import { ownContainer } from '../engine';
import { getFeed, readLatestView } from '../live';
import { getSettings } from '../settings';
import type { EngineTask, Inspected } from '../swarm/engine-json';
import type { Snapshot } from '../swarm/snapshot';
import type { Own } from '../swarm/spec/node-previews';
import { etagOf } from './etag';

/** Whether a request only asks what it would do: `?dry-run`. */
export function isDryRun(request: Request): boolean {
  return isDryRunQuery(queryOf(request));
}

/** Whether values that are hidden by default are asked for: `?secrets`. */
export function wantsSecrets(request: Request): boolean {
  return hasFlag(queryOf(request), 'secrets');
}

function queryOf({ url }: Request): URLSearchParams {
  return URL.parse(url)?.searchParams ?? new URLSearchParams();
}

/**
 * The swarm as it is now, with the nodes' names on the page; null where a part of it is not known, as a proxy in front of
 * the engine refuses a list. Throws `EngineError`.
 */
export async function presentSwarm(): Promise<{
  swarm: Snapshot;
  names: ReadonlyMap<string, string>;
} | null> {
  const feed = getFeed();
  const view = await readLatestView(feed);
  const { snapshot } = feed.encodedView;
  if (
    !snapshot ||
    (['TASKS', 'SERVICES', 'NODES'] as const).some((one) => snapshot.refused.reads.has(one))
  )
    return null;
  return { swarm: snapshot, names: new Map(view.nodes.map(({ id, name }) => [id, name])) };
}

/** Where this dashboard runs, in the swarm or beside it. */
export function ownPlace({ info }: Pick<Snapshot, 'info'>): Own {
  const own = ownContainer();
  const isTask = ({ Status }: EngineTask) =>
    own !== null && Status.ContainerStatus?.ContainerID?.startsWith(own) === true;
  const isLocal = getSettings().engine.kind === 'unix';
  return { isTask, nodeId: isLocal ? (info?.Swarm.NodeID ?? null) : null };
}

/**
 * The answer to a dry run; its `ETag`, for `If-Match` of the change, is that of the entity as it was looked at. `tagOf`: by
 * default that of a service.
 */
export function dryRunResponse(
  body: object,
  now?: Inspected,
  tagOf: (now: Inspected) => string | null = etagOf,
): Response {
  const tag = now ? tagOf(now) : null;
  return Response.json(body, {
    headers: { 'Cache-Control': 'no-store', ...(tag !== null && { ETag: tag }) },
  });
}
