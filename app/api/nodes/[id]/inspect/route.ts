import { findNode } from '@/lib/swarm/find-entity';
import {
  ambiguousNode,
  engineProblem,
  guardInspect,
  inspectionResponse,
  unknownNode,
} from '@/lib/http';
import { getEngine, getFeed, readLatestView } from '@/lib/live';
import { withNumbers } from '@/lib/swarm/lossless-json';
import { inspectNodePretty } from '@/lib/swarm/spec/inspect-node-pretty';

/** A node as the engine has it, for operators. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const refusal = guardInspect(request);
  if (refusal) return refusal;
  const { id } = await params;
  try {
    const node = findNode(await readLatestView(getFeed()), id);
    if (node === 'ambiguous') return ambiguousNode();
    if (!node) return unknownNode();
    const { ID, json } = await getEngine().inspectNode(node.id, request.signal);
    const pretty = inspectNodePretty(withNumbers(json));
    return inspectionResponse({ id: ID, name: node.name, hidden: false, pretty, json });
  } catch (error) {
    return engineProblem(error, request);
  }
}
