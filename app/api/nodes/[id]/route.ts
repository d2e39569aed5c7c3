import { MAX_FORM_BODY } from '@/lib/api';
import {
  ambiguousNode,
  answerChange,
  dryRunResponse,
  engineProblem,
  guardChange,
  guardRead,
  inspectedNodeEtag,
  isDryRun,
  nodeEtagOf,
  note,
  ownPlace,
  presentSwarm,
  problemResponse,
  readJson,
  recorded,
  refuseBody,
  unknownNode,
} from '@/lib/http';
import { getEngine, getFeed, readLatestView } from '@/lib/live';
import { endDrillsOf } from '@/lib/runner/app-runner';
import { nodeDetails } from '@/lib/swarm/details';
import type { Inspected } from '@/lib/swarm/engine-json';
import { findNode } from '@/lib/swarm/find-entity';
import { dockerNode } from '@/lib/swarm/hat/unique-names';
import { nodeCommand, removeNodeCommand } from '@/lib/swarm/spec/commands';
import {
  effectivePatch,
  patchNode,
  patchNodeSchema,
  undoingPatch,
  type NodePatch,
} from '@/lib/swarm/spec/node-form';
import { nodePreview, removeNodePreview } from '@/lib/swarm/spec/node-previews';
import { rolePreview } from '@/lib/swarm/spec/quorum';
import { partOf, textOf } from '@/lib/swarm/spec/raw-spec';
import { refusedNodeField } from '@/lib/swarm/spec/refused-field';
import { nodeEntry, removedNodeEntry } from '@/lib/swarm/spec/timeline-entries';

type Context = { params: Promise<{ id: string }> };

/**
 * What the details of a node show in addition to the view. Costs the engine nothing while the feed polls. Its `ETag` goes
 * into `If-Match` of a change.
 */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const refusal = guardRead(request);
  if (refusal) return refusal;
  const { id } = await params;
  const feed = getFeed();
  try {
    const node = findNode(await readLatestView(feed), id);
    if (node === 'ambiguous') return ambiguousNode();
    const { snapshot } = feed.encodedView;
    const details = node && snapshot && nodeDetails(snapshot, node);
    if (details) {
      const tag = nodeEtagOf(snapshot.nodes.find(({ ID }) => ID === node.id) ?? null);
      const headers = { 'Cache-Control': 'no-store', ...(tag !== null && { ETag: tag }) };
      return Response.json(details, { headers });
    }
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
  return unknownNode();
}

/** A node as the page calls it, and how docker's commands and the engine call it. */
interface NamedNode {
  name: string;
  docker: string;
  id: string;
}

/**
 * Finds a node by what the page calls it. The engine knows ids and hostnames only, which need not be unique, so it is
 * asked only for a node that is not on the board.
 */
function named(wanted: string): NamedNode | 'ambiguous' {
  const { view } = getFeed().current();
  const node = view && findNode(view, wanted);
  if (node === 'ambiguous') return 'ambiguous';
  if (!view || !node) return { name: wanted, docker: wanted, id: wanted };
  return { name: node.name, docker: dockerNode(view.nodes, node), id: node.id };
}

const hostnameOf = ({ json, ID }: Inspected) =>
  textOf(partOf(json, 'Description')['Hostname']) ?? ID.slice(0, 12);

/** Changes what is named of a node: availability, role, labels. With `?dry-run` only shows what would happen. */
export const PATCH = recorded('update node', '/api/nodes/[id]', update);

async function update(request: Request, { params }: Context): Promise<Response> {
  const refusal = guardChange(request, { hasDryRun: true });
  if (refusal) return refusal;
  const read = await readJson(request, patchNodeSchema, { most: MAX_FORM_BODY });
  if (!read.ok) return read.response;
  const node = named((await params).id);
  if (node === 'ambiguous') return ambiguousNode();
  const patch = read.body;
  const command = nodeCommand(node.docker, patch);
  const engine = getEngine();
  if (isDryRun(request)) return showUpdate(request, node, patch);
  note(request, { node: node.name, command });
  return answerChange(request, {
    name: node.name,
    fieldOf: refusedNodeField,
    tagOf: inspectedNodeEtag,
    async make(announce) {
      const change = (spec: Inspected['Spec']) => patchNode(spec, effectivePatch(spec, patch));
      const { before, written, warnings } = await engine.changeNode(node.id, change, {
        check: (now) => announce(now, nodeEntry(node.name, now, patch)),
      });
      if (patch.availability !== undefined) endDrillsOf(before.ID);
      const body = { node: hostnameOf(before), id: before.ID, changed: written, warnings };
      return { body, written };
    },
  });
}

/** What a change of a node would do to its tasks and to the managers. */
async function showUpdate(
  request: Request,
  { id, docker }: NamedNode,
  patch: NodePatch,
): Promise<Response> {
  try {
    const now = await getEngine().inspectNode(id, request.signal);
    const present = await presentSwarm();
    const { role } = patch;
    const made = effectivePatch(now.Spec, patch);
    const body = {
      command: nodeCommand(docker, made),
      tasks:
        present &&
        nodePreview(present.swarm, present.names, now.ID, patch, ownPlace(present.swarm)),
      managers:
        present && role !== undefined
          ? rolePreview(
              present.swarm.nodes,
              present.names,
              now.ID,
              role,
              present.swarm.info?.Swarm.NodeID,
            )
          : null,
      undo: undoingPatch(now.Spec, patch),
    };
    return dryRunResponse(body, now, inspectedNodeEtag);
  } catch (error) {
    return engineProblem(error, request);
  }
}

/** Removes a node that is not connected. With `?dry-run` only shows what would happen. */
export const DELETE = recorded('remove node', '/api/nodes/[id]', remove);

async function remove(request: Request, { params }: Context): Promise<Response> {
  const refusal = guardChange(request, { hasDryRun: true }) ?? (await refuseBody(request));
  if (refusal) return refusal;
  const node = named((await params).id);
  if (node === 'ambiguous') return ambiguousNode();
  const command = removeNodeCommand(node.docker);
  const engine = getEngine();
  if (isDryRun(request)) {
    try {
      const now = await engine.inspectNode(node.id, request.signal);
      const present = await presentSwarm();
      const tasks = present && removeNodePreview(present.swarm, present.names, now.ID);
      return dryRunResponse({ command, tasks }, now, inspectedNodeEtag);
    } catch (error) {
      return engineProblem(error, request);
    }
  }
  note(request, { node: node.name, command });
  return answerChange(request, {
    name: node.name,
    tagOf: inspectedNodeEtag,
    async make(announce) {
      const before = await engine.removeNode(node.id, {
        check: (now) => announce(now, removedNodeEntry(node.name, now)),
      });
      return { body: { node: hostnameOf(before), id: before.ID }, written: true };
    },
  });
}
