'use client';

import { useId, useState } from 'react';
import type { RemoveDryRun } from '@/lib/swarm/spec/answers';
import { Input } from '../ui/Field';
import { ActionDialog } from './ActionDialog';
import type { ActionProps } from './Actions';
import { useService, useTasksVersion } from './use-service';

/** Removes a service, once its name was typed. */
export function RemoveDialog({ action, onClose }: ActionProps<'remove'>) {
  const { name } = useService(action.service);
  const version = useTasksVersion(action.service);
  const [typed, setTyped] = useState('');
  const id = useId();
  return (
    <ActionDialog<RemoveDryRun>
      title={`Remove ${name}`}
      change={{ method: 'DELETE', path: `api/services/${encodeURIComponent(action.service)}` }}
      refusedBy="create"
      version={version}
      intro={
        <p>
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
            onChange={(event) => setTyped(event.target.value)}
          />
        </p>
      }
      ready={typed.trim() === name}
      confirm="Remove"
      look="danger"
      height="h-72"
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
