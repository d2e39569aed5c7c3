'use client';

import { useState } from 'react';
import type { Notice } from '@/lib/swarm/view';
import { CopyCommand } from '../ui/CopyCommand';
import { Dialog } from '../ui/Dialog';
import { Help } from '../ui/Help';
import { Prose } from '../ui/Prose';

/** Maximum of notices that the dialog lists; it counts the others. */
const MOST = 20;

/**
 * Notices: the first one in the strip beside the board's name, where it causes no layout shift, and all of them, with
 * what to do, in a dialog.
 */
export function Notices({ notices }: { notices: readonly Notice[] }) {
  const [open, setOpen] = useState(false);
  const [first] = notices;
  if (!first) return null;
  const others = notices.length - 1;
  return (
    <>
      <button
        type="button"
        data-notices={notices.length}
        className="flex h-6 max-w-[70%] min-w-6 items-center gap-2 rounded-md bg-warn-fill px-2 text-left text-xs text-slot-ink hover:underline touch:h-full wide:order-last wide:max-w-[45%]"
        onClick={() => setOpen(true)}
      >
        <span className="truncate">
          <Prose text={first.text} />
        </span>
        {others > 0 && <b className="whitespace-nowrap">and {others} more</b>}
      </button>
      {open && (
        <Dialog title="What this page cannot show" onClose={() => setOpen(false)}>
          <ul className="space-y-4">
            {notices.slice(0, MOST).map(({ id, kind, text, next, command }) => (
              <li key={id} data-notice={kind}>
                <p className="wrap-anywhere">
                  <Prose text={text} />{' '}
                  <span className="text-dim">
                    <Prose text={next ?? ''} />
                  </span>
                </p>
                {command && <CopyCommand className="mt-2" command={command} />}
              </li>
            ))}
          </ul>
          {notices.some(({ kind }) => kind === 'left-out') && (
            <p className="mt-4">
              <Help id="left-out" about="what is left out" />
            </p>
          )}
          {notices.length > MOST && (
            <p className="mt-4 text-dim">and {notices.length - MOST} more</p>
          )}
        </Dialog>
      )}
    </>
  );
}
