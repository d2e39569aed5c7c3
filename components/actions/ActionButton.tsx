'use client';

import { useId, type ReactNode } from 'react';
import { useLogsBlock } from '../logs/use-logs-block';
import { BlockNote, useBlock } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { openAction, type Action } from './action-store';
import { refusedBy } from './refused-by';

/**
 * Opens an action. While it is not possible it opens the reason instead, so that also those who have no pointer can read
 * it. `reason`: why this action is not possible now, a sentence, in addition to what `useBlock` finds.
 */
export function ActionButton({
  action,
  reason,
  look,
  className,
  children,
}: {
  action: Action;
  reason?: string | null;
  look?: 'plain' | 'primary' | 'danger' | 'bare';
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  const notChange = useBlock('change', refusedBy(action));
  const notRead = useLogsBlock();
  const blocked = action.kind === 'logs' ? notRead : notChange;
  const block = blocked ?? (reason ? { reason, signIn: null } : null);
  // One element for both, so that a button keeps the focus when it becomes possible or not.
  return (
    <>
      <Button
        {...(look && (!block || look === 'bare') && { look })}
        {...(block
          ? {
              'aria-disabled': true,
              'aria-describedby': `${id}why`,
              popoverTarget: id,
              title: block.signIn === 'Sign in' ? `Sign in ${block.reason}` : block.reason,
            }
          : { onClick: () => openAction(action) })}
        className={`aria-disabled:border-dashed aria-disabled:text-faint ${className ?? ''}`}
      >
        {children}
      </Button>
      {block && (
        <div id={id} popover="auto" role="group" aria-label="Why not" className="popover">
          <BlockNote id={`${id}why`} block={block} />
        </div>
      )}
    </>
  );
}
