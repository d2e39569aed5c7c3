'use client';

import { useId, useState } from 'react';
import type { RemoveDryRun } from '@/lib/swarm/spec/answers';
import { Input } from '../ui/Field';
import { ActionDialog } from './ActionDialog';
import type { ActionProps } from './Actions';
import { checkTyped } from './typed-name';
import { useService, useTasksVersion } from './use-service';

/** Removes a service, once its name was typed. */
export function RemoveDialog({ action, onClose }: ActionProps<'remove'>) {
  const { name } = useService(action.service);
  const version = useTasksVersion(action.service);
  const [typed, setTyped] = useState('');
  const { isRight, wrong } = checkTyped(typed, name);
  const id = useId();
  return (
    <ActionDialog<RemoveDryRun>
      title={`Remove ${name}`}
      change={{ method: 'DELETE', path: `api/services/${encodeURIComponent(action.service)}` }}
      refusedBy="create"
      version={version}
      intro={
        <div>
          <label htmlFor={id} className="mb-1 block text-dim">
            Type <b className="font-mono text-ink">{name}</b> to confirm
          </label>
          <Input
            id={id}
            className="w-full font-mono"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            value={typed}
            aria-describedby={`${id}-wrong`}
            onChange={(event) => setTyped(event.target.value)}
          />
          <p id={`${id}-wrong`} className="mt-1 h-4 text-xs/4 text-warn">
            {wrong}
          </p>
        </div>
      }
      ready={isRight}
      confirm="Remove"
      look="danger"
      height="h-96"
      outcome={({ tasks }) => ({
        text:
          tasks === 0 ? `${name} is removed.` : `${name} is removed; its tasks are being stopped.`,
      })}
      onClose={onClose}
    >
      {({ text }) => <p className="text-warn">{text}</p>}
    </ActionDialog>
  );
}
