'use client';

import { useId } from 'react';
import type { ServiceView } from '@/lib/swarm/view';
import { ActionButton } from '../actions/ActionButton';
import type { Action } from '../actions/action-store';
import { Button } from '../ui/Button';
import { SegmentGroup } from '../ui/Segmented';

/** What can be done with a service, in one line; what is rarer opens over the page. */
export function ServiceActions({
  service: { id, name, listed, hasPrevious },
}: {
  service: ServiceView;
}) {
  const moreId = useId();
  const unlisted = listed ? null : 'Only the tasks of this service are known.';
  const first = unlisted ?? (hasPrevious ? null : `${name} has no earlier state to go back to.`);
  const bar: { label: string; action: Action; reason: string | null }[] = [
    { label: 'Update', action: { kind: 'update', service: id }, reason: unlisted },
    { label: 'Restart', action: { kind: 'restart', service: id }, reason: unlisted },
    { label: 'Roll back', action: { kind: 'rollback', service: id }, reason: first },
    { label: 'Logs', action: { kind: 'logs', of: { service: id } }, reason: null },
  ];
  return (
    <SegmentGroup role="group" label={`Actions of ${name}`} className="w-full">
      {bar.map(({ label, action, reason }) => (
        <ActionButton
          key={label}
          look="bare"
          className="flex-auto text-xs"
          action={action}
          reason={reason}
        >
          {label}
        </ActionButton>
      ))}
      <Button
        look="bare"
        className="flex-auto text-xs"
        popoverTarget={moreId}
        aria-label="More actions"
      >
        More
      </Button>
      <div
        id={moreId}
        popover="auto"
        role="group"
        aria-label="More actions"
        className="popover w-auto min-w-44 [&:popover-open]:grid"
      >
        <ActionButton action={{ kind: 'inspect', of: { service: id } }} reason={unlisted}>
          Inspect
        </ActionButton>
        <ActionButton action={{ kind: 'create' }}>Create another service</ActionButton>
        <ActionButton look="danger" action={{ kind: 'remove', service: id }} reason={unlisted}>
          Remove
        </ActionButton>
      </div>
    </SegmentGroup>
  );
}
