'use client';

import { useState } from 'react';
import type { RollbackDryRun } from '@/lib/swarm/spec/answers';
import { hasHidden } from '@/lib/swarm/spec/hidden-values';
import { Button } from '../ui/Button';
import { ActionDialog } from './ActionDialog';
import type { ActionProps } from './Actions';
import { DifferenceList } from './DifferenceList';
import { useService } from './use-service';

/** Undoes the last change of a service. */
export function RollBackDialog({ action, onClose }: ActionProps<'rollback'>) {
  const { name, service } = useService(action.service);
  const [secrets, setSecrets] = useState(false);
  return (
    <ActionDialog<RollbackDryRun>
      title={`Roll back ${name}`}
      change={{
        method: 'POST',
        path: `api/services/${encodeURIComponent(action.service)}/rollback`,
        secrets,
      }}
      refusedBy="update"
      version={String(service?.version)}
      intro={
        <p className="text-dim">
          Undoes the last change of {name}, whatever it was: an update, a restart or a scale. A
          second rollback brings it back.
        </p>
      }
      refused={({ differences }) =>
        differences === null ? 'Swarm keeps no earlier state of this service.' : null
      }
      confirm="Roll back"
      outcome={({ differences }) => ({
        text: `${name} is being rolled back.`,
        done: `${name} is rolled back.`,
        differences: differences ?? [],
        undo: action,
      })}
      timed={service}
      onClose={onClose}
    >
      {({ differences, text }) =>
        differences && (
          <section aria-label="What changes">
            <DifferenceList differences={differences} />
            {differences.some(({ path }) => hasHidden(path)) && (
              <Button
                className="mt-2 text-xs"
                aria-pressed={secrets}
                onClick={() => setSecrets(!secrets)}
              >
                {secrets ? 'Hide values' : 'Show values'}
              </Button>
            )}
            {differences.length === 0 && <p>Nothing: its earlier state is the same.</p>}
            <p className="mt-2 wrap-anywhere">{text}</p>
          </section>
        )
      }
    </ActionDialog>
  );
}
