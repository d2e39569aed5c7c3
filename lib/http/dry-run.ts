import { hasFlag, isDryRun as isDryRunQuery } from '../api';
import { ownContainer } from '../engine';
import { getFeed, readLatestView } from '../live';
import { getSettings } from '../settings';
import type { EngineTask, Inspected } from '../swarm/engine-json';
import type { Snapshot } from '../swarm/snapshot';
import { isWhole } from '../swarm/spec/checks';
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

/** The swarm as it is now, with the nodes' names on the page. */
interface PresentSwarm {
  swarm: Snapshot;
  names: ReadonlyMap<string, string>;
}

/** What is known of the swarm now: a proxy in front of the engine may refuse a list. Throws `EngineError`. */
export async function knownSwarm(): Promise<PresentSwarm | null> {
  const feed = getFeed();
  const view = await readLatestView(feed);
  const { snapshot } = feed.encodedView;
  return (
    snapshot && {
      swarm: snapshot,
      names: new Map(view.nodes.map(({ id, name }) => [id, name])),
    }
  );
}

/** The same; null where a list is refused. */
export async function presentSwarm(): Promise<PresentSwarm | null> {
  const known = await knownSwarm();
  return known && isWhole(known.swarm) ? known : null;
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
