'use client';

import { usePast, useView } from '@/lib/client/hooks';
import type { HintAction } from '@/lib/swarm/hints/actions';
import { ActionButton } from './ActionButton';
import { SegmentGroup } from '../ui/Segmented';
import { hintButtons } from './hint-actions';

/** What can be done about a hint, a button each; nothing in the past view. */
export function HintActions({
  actions,
  serviceId,
  taskId = null,
  bar = false,
}: {
  actions: readonly HintAction[];
  serviceId: string;
  /** The task that the hint is about; null: the service as a whole. */
  taskId?: string | null;
  /** In one line of the full width. */
  bar?: boolean;
}) {
  const service = useView()?.services.find(({ id }) => id === serviceId);
  const past = usePast();
  if (past || !service) return null;
  const buttons = hintButtons(actions, { service, taskId });
  if (buttons.length === 0) return null;
  const each = buttons.map(({ label, action }) => (
    <ActionButton
      key={JSON.stringify(action)}
      action={action}
      className={`text-xs ${bar ? 'flex-auto' : ''}`}
      {...(bar && { look: 'bare' })}
    >
      {label}
    </ActionButton>
  ));
  return bar ? (
    <SegmentGroup role="group" label="What to do" className="w-full">
      {each}
    </SegmentGroup>
  ) : (
    <div role="group" aria-label="What to do" className="flex flex-wrap gap-1.5">
      {each}
    </div>
  );
}
