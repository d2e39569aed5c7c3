'use client';

import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { Button } from './Button';

/**
 * A modal dialog, open as long as it is rendered: the browser's own, so focus is held inside,
 * Escape closes it and focus returns to where it was.
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
  // Layout: the cleanup must run while the element still stands, for focus to go back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      className="m-auto max-h-[calc(100dvh-24px)] w-[min(30rem,calc(100vw-24px))] rounded-[14px] border border-line bg-panel p-5 text-ink shadow-dialog backdrop:bg-scrim"
      onCancel={onClose}
    >
      <h2 id={id} className="mb-3 pr-10 text-base">
        {title}
      </h2>
      {children}
      {/* Last, so that the browser puts the focus on what the dialog is about. */}
      <Button look="bare" className="absolute top-3 right-3" aria-label="Close" onClick={onClose}>
        ✕
      </Button>
    </dialog>
  );
}
