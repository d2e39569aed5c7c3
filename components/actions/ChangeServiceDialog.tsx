'use client';

import type { ServiceChanged, UpdateDryRun } from '@/lib/swarm/spec/answers';
import { inSentence } from '@/lib/swarm/words';
import { ActionDialog } from './ActionDialog';
import type { ActionProps } from './Actions';
import { Checks } from './Checks';
import { DifferenceList } from './DifferenceList';
import { useService } from './use-service';

/** A change of a service that is ready to be sent. */
export function ChangeServiceDialog({ action, onClose }: ActionProps<'change-service'>) {
  const { service: id, patch, label } = action;
  const { name, service } = useService(id);
  return (
    <ActionDialog<UpdateDryRun, ServiceChanged>
      title={Object.keys(patch).length === 0 ? `Resume the update of ${name}` : `${label}: ${name}`}
      change={{ method: 'PATCH', path: `api/services/${encodeURIComponent(id)}`, body: patch }}
      refusedBy="update"
      version={String(service?.version)}
      confirm={label}
      outcome={({ differences }, { changed, warnings }) => ({
        text: changed ? `${name} is being updated.` : `${name} was already set this way.`,
        differences,
        warnings,
        done: `${name} is updated.`,
        ...(changed &&
          differences.length > 0 && { undo: { kind: 'rollback', service: id } as const }),
      })}
      timed={service}
      onClose={onClose}
    >
      {({ differences, checks, text }) => (
        <>
          <section aria-label="What changes">
            <DifferenceList differences={differences} />
            {differences.length === 0 && (
              <p>The definition of {inSentence(name)} stays as it is.</p>
            )}
            {text !== '' && <p className="mt-2">{text}</p>}
          </section>
          <Checks checks={checks} />
        </>
      )}
    </ActionDialog>
  );
}
