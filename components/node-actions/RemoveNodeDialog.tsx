'use client';

import type { RemoveNodeDryRun } from '@/lib/swarm/spec/answers';
import { removalRefused } from '@/lib/swarm/spec/removal';
import { ActionDialog } from '../actions/ActionDialog';
import type { ActionProps } from '../actions/Actions';
import { reportRequested } from '../actions/requested';
import { requestedOf } from './requested-words';
import { useNode } from './use-node';

/** Removes a node that is not connected from the swarm. It can join again, so its name need not be typed. */
export function RemoveNodeDialog({ action, onClose }: ActionProps<'remove-node'>) {
  const { node, name, gone } = useNode(action.node);
  const refused =
    node &&
    removalRefused({
      role: node.role,
      isMember: node.reachability !== null,
      state: node.state,
      name,
    });
  return (
    <ActionDialog<RemoveNodeDryRun>
      title={`Remove ${name}`}
      change={{ method: 'DELETE', path: `api/nodes/${encodeURIComponent(action.node)}` }}
      refusedBy="remove-node"
      version={`${node?.version} ${node?.state}`}
      intro={
        <p className="text-dim">
          Swarm removes the entry of a node that is not connected. The machine itself is not
          changed.
        </p>
      }
      refused={({ tasks }) => tasks?.refused ?? null}
      refusedNow={gone ?? refused}
      confirm="Remove"
      look="danger"
      height="h-76"
      outcome={() => ({ text: `${name} is removed from the swarm.` })}
      onDone={() =>
        reportRequested(action.node, requestedOf({ patch: {}, removed: true }, action.node))
      }
      onClose={onClose}
    >
      {({ tasks }) => tasks && <p className="text-warn wrap-anywhere">{tasks.text}</p>}
    </ActionDialog>
  );
}
