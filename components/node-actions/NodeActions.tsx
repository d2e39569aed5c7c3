'use client';

import { useCached } from '@/lib/client/use-cached';
import type { NodeView } from '@/lib/swarm/view';
import { inSentence } from '@/lib/swarm/words';
import { ActionButton } from '../actions/ActionButton';
import type { Action } from '../actions/action-store';
import { SegmentGroup } from '../ui/Segmented';
import { alreadySo } from './node-change';

const AVAILABILITIES = [
  { to: 'active', label: 'Activate' },
  { to: 'drain', label: 'Drain' },
  { to: 'pause', label: 'Pause' },
] as const;

/** What can be done with a node. What the engine has accepted stands below until the view shows it. */
export function NodeActions({ node }: { node: NodeView }) {
  const { id, name, role } = node;
  const requested = useCached('requested')?.[id] ?? null;
  const other = role === 'manager' ? 'worker' : 'manager';
  const bar: { key: string; label: string; action: Action; reason: string | null }[] = [
    ...AVAILABILITIES.map(({ to, label }) => ({
      key: to,
      label,
      action: { kind: 'node' as const, node: id, patch: { availability: to } },
      reason: requested ?? alreadySo({ availability: to }, node, inSentence(name)),
    })),
    { key: 'labels', label: 'Labels', action: { kind: 'labels', node: id }, reason: null },
    {
      key: 'role',
      label: other === 'manager' ? 'Promote' : 'Demote',
      action: { kind: 'node', node: id, patch: { role: other } },
      reason: requested,
    },
    {
      key: 'remove',
      label: 'Remove',
      action: { kind: 'remove-node', node: id },
      reason: requested,
    },
  ];
  return (
    <div>
      <SegmentGroup role="group" label={`Actions of ${name}`} className="w-full">
        {bar.map(({ key, label, action, reason }) => (
          <ActionButton
            key={key}
            look="bare"
            className={`flex-auto text-xs ${key === 'remove' ? 'text-bad' : ''}`}
            action={action}
            reason={reason}
          >
            {label}
          </ActionButton>
        ))}
      </SegmentGroup>
      <p role="status" className="mt-1.5 min-h-[1lh] text-xs text-accent">
        {requested}
      </p>
    </div>
  );
}
