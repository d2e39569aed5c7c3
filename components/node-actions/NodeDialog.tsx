'use client';

import type { NodeDryRun } from '@/lib/swarm/spec/answers';
import type { NodePatch } from '@/lib/swarm/spec/node-form';
import { inSentence } from '@/lib/swarm/words';
import { ActionDialog } from '../actions/ActionDialog';
import type { ActionProps } from '../actions/Actions';
import { UNKNOWN_TASKS } from '../actions/Preview';
import { reportRequested } from '../actions/requested';
import { alreadySo, changeWords, managersAfter } from './node-change';
import { placesVersion, useNode } from './use-node';
import { Managers } from './Managers';
import { NodePreview } from './NodePreview';
import { requestedOf } from './requested-words';

/** Changes the availability or the role of a node, or sets one label that a hint asks for. */
export function NodeDialog({ action, onClose }: ActionProps<'node'>) {
  const { node, name, gone, view } = useNode(action.node);
  const patch: NodePatch = action.patch;
  const { title, verb, meaning, done, drained } = changeWords(patch, name);
  const managers = view && managersAfter(view.nodes, action.node, patch.role);
  const later =
    patch.availability === 'active' && node && node.state !== 'ready'
      ? `${name} takes new tasks when it is ready again.`
      : null;
  const already = node && alreadySo(patch, node, name);
  return (
    <ActionDialog<NodeDryRun, { changed: boolean }>
      title={title}
      change={{
        method: 'PATCH',
        path: `api/nodes/${encodeURIComponent(action.node)}`,
        body: patch,
      }}
      refusedBy="node"
      version={placesVersion(view)}
      intro={
        <>
          {meaning && <p className="text-dim">{meaning}</p>}
          {managers && !gone && !already && <Managers preview={managers} />}
        </>
      }
      refused={({ tasks, managers: counted }) => counted?.refused ?? tasks?.refused ?? null}
      refusedNow={gone ?? already ?? managers?.refused ?? null}
      confirm={verb}
      height="h-108"
      outcome={({ tasks, undo }, { changed }) => ({
        text: changed ? (later ?? done) : `${name} was already set this way.`,
        offers: (tasks?.rebalance ?? []).map(({ id, service }) => ({
          label: `Rebalance ${inSentence(service)}`,
          action: { kind: 'restart', service: id },
        })),
        ...(changed && drained !== undefined && { drains: action.node, done: drained }),
        ...(changed && undo && { undo: { kind: 'node', node: action.node, patch: undo } }),
      })}
      onDone={() => reportRequested(action.node, requestedOf({ patch }, action.node))}
      onClose={onClose}
    >
      {({ tasks }) =>
        tasks ? <NodePreview preview={tasks} /> : <p className="text-warn">{UNKNOWN_TASKS}</p>
      }
    </ActionDialog>
  );
}
