import { findNode } from '@/lib/curl/find-entity';
import { engineProblem, guardRead, problemResponse } from '@/lib/http';
import { getFeed, readView } from '@/lib/live';
import { nodeDetails } from '@/lib/swarm/details';

/** What the details of a node show in addition to the view. Costs the engine nothing while the feed polls. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const refusal = guardRead(request);
  if (refusal) return refusal;
  const { id } = await params;
  const feed = getFeed();
  try {
    const node = findNode(await readView(feed), id);
    if (node === 'ambiguous') {
      return problemResponse(
        'bad-request',
        'More than one node has this name.',
        'Give the id of the node instead.',
      );
    }
    const { snapshot } = feed.encodedView;
    const details = node && snapshot && nodeDetails(snapshot, node);
    if (details) return Response.json(details, { headers: { 'Cache-Control': 'no-store' } });
    if (node) {
      return problemResponse(
        'not-found',
        'Only the tasks of this node are known.',
        'A proxy in front of the engine has to allow NODES.',
      );
    }
  } catch (error) {
    return engineProblem(error, request);
  }
  return problemResponse(
    'not-found',
    'No node has this name or id.',
    'Give the name or the id of a node that docker node ls shows.',
  );
}
