'use client';

import type { NodeView } from '@/lib/swarm/view';
import { inSentence } from '@/lib/swarm/words';
import { ActionButton } from '../actions/ActionButton';
import { alreadySo } from './node-change';
import { useRequested } from './requested';

const AVAILABILITIES = [
  { to: 'active', label: 'Activate' },
  { to: 'drain', label: 'Drain' },
  { to: 'pause', label: 'Pause' },
] as const;

/** What can be done with a node. What the engine has accepted stands below until the view shows it. */
export function NodeActions({ node }: { node: NodeView }) {
  const { id, name, role } = node;
  const requested = useRequested(node);
  const other = role === 'manager' ? 'worker' : 'manager';
  return (
    <div>
      <div role="group" aria-label={`Actions of ${name}`} className="flex flex-wrap gap-2">
        {AVAILABILITIES.map(({ to, label }) => (
          <ActionButton
            key={to}
            action={{ kind: 'node', node: id, patch: { availability: to } }}
            reason={requested ?? alreadySo({ availability: to }, node, inSentence(name))}
          >
            {label}
          </ActionButton>
        ))}
        <ActionButton action={{ kind: 'labels', node: id }}>Labels</ActionButton>
        <ActionButton
          action={{ kind: 'node', node: id, patch: { role: other } }}
          reason={requested}
        >
          {other === 'manager' ? 'Promote' : 'Demote'}
        </ActionButton>
        <ActionButton look="danger" action={{ kind: 'remove-node', node: id }} reason={requested}>
          Remove
        </ActionButton>
      </div>
      <p role="status" className="mt-1.5 text-xs text-accent empty:hidden">
        {requested}
      </p>
    </div>
  );
}
