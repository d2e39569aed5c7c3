'use client';

import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { Button } from './Button';

const CONTROLS = ':is(a[href], button, input, select, textarea, summary):not(:disabled)';

/**
 * A modal dialog, open while it is rendered; on phones a sheet at the bottom. The browser's own
 * `<dialog>` traps focus, closes on Escape and restores focus.
 */
export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  // A layout effect, as `close` restores focus only while the element is in the document.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // The browser also focuses a part that scrolls.
    if (!document.activeElement?.matches(CONTROLS)) {
      dialog?.querySelector<HTMLElement>(CONTROLS)?.focus();
    }
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      // Where the window is low or the title long, the part that scrolls by itself becomes lower.
      className="m-auto open:flex open:flex-col [&>:is([data-action],[data-wide])]:min-h-0 max-h-[calc(100dvh-24px)] w-[min(30rem,calc(100vw-24px))] has-data-wide:w-[min(56rem,calc(100vw-24px))] rounded-[14px] border border-line bg-panel p-5 text-ink shadow-dialog backdrop:bg-scrim max-sm:mb-0 max-sm:w-full max-sm:max-w-none max-sm:rounded-b-none max-sm:pb-[max(20px,env(safe-area-inset-bottom))]"
      onCancel={onClose}
    >
      <h2 id={id} className="mb-3 flex-none pr-10 text-base wrap-anywhere">
        {title}
      </h2>
      {children}
      {/* Last, as the browser focuses the first control. */}
      <Button look="bare" className="absolute top-3 right-3" aria-label="Close" onClick={onClose}>
        ✕
      </Button>
    </dialog>
  );
}
