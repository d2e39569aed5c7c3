'use client';

import { useId, type ReactNode } from 'react';
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
  look?: 'plain' | 'danger' | 'bare';
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  const blocked = useBlock('change', refusedBy(action));
  const block = blocked ?? (reason ? { reason, signIn: null } : null);
  const looks = { ...(look && { look }), ...(className && { className }) };
  if (!block) {
    return (
      <Button {...looks} onClick={() => openAction(action)}>
        {children}
      </Button>
    );
  }
  return (
    <>
      <Button
        {...looks}
        className={`border-dashed text-faint ${className ?? ''}`}
        aria-disabled
        aria-describedby={`${id}why`}
        popoverTarget={id}
        title={block.reason}
      >
        {children}
      </Button>
      <div id={id} popover="auto" role="group" aria-label="Why not" className="popover">
        <BlockNote id={`${id}why`} block={block} />
      </div>
    </>
  );
}
