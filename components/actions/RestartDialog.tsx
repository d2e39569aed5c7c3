'use client';

import type { RestartDryRun } from '@/lib/swarm/spec/answers';
import { ActionDialog } from './ActionDialog';
import type { ActionProps } from './Actions';
import { Preview, UNKNOWN_TASKS } from './Preview';
import { useService, useTasksVersion } from './use-service';

/** Replaces every task of a service. Where nodes have none of them, that is what spreads them. */
export function RestartDialog({ action, onClose }: ActionProps<'restart'>) {
  const { name, service } = useService(action.service);
  const version = useTasksVersion(action.service);
  const rebalance = service?.uneven ?? null;
  const isJob = service?.job != null;
  return (
    <ActionDialog<RestartDryRun>
      title={rebalance ? `Rebalance ${name}` : isJob ? `Run ${name} again` : `Restart ${name}`}
      change={{
        method: 'POST',
        path: `api/services/${encodeURIComponent(action.service)}/restart`,
      }}
      refusedBy="update"
      version={version}
      intro={
        <p className="text-dim">
          {rebalance && `${rebalance} `}
          The image and everything else stay as they are.
        </p>
      }
      confirm={rebalance ? 'Rebalance' : isJob ? 'Run again' : 'Restart'}
      height="h-116"
      outcome={() => ({
        text: isJob ? `${name} starts again.` : `${name}: every task is being replaced.`,
        ...(!isJob && { done: `${name}: every task was replaced.` }),
      })}
      timed={service}
      onClose={onClose}
    >
      {({ preview }) =>
        preview ? <Preview preview={preview} /> : <p className="text-warn">{UNKNOWN_TASKS}</p>
      }
    </ActionDialog>
  );
}
