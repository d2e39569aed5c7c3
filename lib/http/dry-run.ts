import { getFeed, readView } from '../live';
import type { Snapshot } from '../swarm/snapshot';

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

/** The answer to a dry run. */
export function dryRunResponse(body: object): Response {
  return Response.json(body, { headers: { 'Cache-Control': 'no-store' } });
}
