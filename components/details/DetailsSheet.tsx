'use client';

import { useEffect, useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { Button } from '../ui/Button';

/**
 * A modal sheet, at the side of a wide screen and at the bottom of a small one; open while it is rendered. Escape and a
 * click outside close it; `onOutside` receives the element that is under the click. `subject` identifies what is shown:
 * with another one, the focus goes to the new title.
 */
export function DetailsSheet({
  title,
  subject,
  onClose,
  onOutside,
  children,
}: {
  title: ReactNode;
  subject: string;
  onClose: () => void;
  onOutside: (under: Element | null) => void;
  children: ReactNode;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  // A layout effect, as `close` restores focus only while the element is in the document.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog) show(dialog);
    return () => dialog?.close();
  }, []);
  useEffect(() => {
    const dialog = ref.current;
    const onClick = ({ target, clientX, clientY }: MouseEvent) => {
      // The backdrop is part of the dialog.
      if (!dialog || target !== dialog || isInside(dialog, clientX, clientY)) return;
      // The page below is inert while the dialog is open.
      dialog.close();
      const under = document.elementFromPoint(clientX, clientY);
      show(dialog);
      onOutside(under);
    };
    dialog?.addEventListener('click', onClick);
    return () => dialog?.removeEventListener('click', onClick);
  }, [onOutside]);
  return (
    <dialog
      ref={ref}
      data-details-sheet
      aria-labelledby={id}
      className="fixed inset-y-0 right-0 left-auto m-0 h-dvh max-h-none w-[min(28rem,100vw)] max-w-none overflow-y-auto overscroll-contain border-l border-line bg-panel text-ink shadow-dialog backdrop:bg-transparent max-sm:inset-x-0 max-sm:top-auto max-sm:bottom-0 max-sm:h-auto max-sm:max-h-[85dvh] max-sm:w-full max-sm:rounded-t-2xl max-sm:border-t max-sm:border-l-0 max-sm:pb-[env(safe-area-inset-bottom)] max-sm:backdrop:bg-scrim"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="sticky top-0 z-1 flex items-start gap-2 border-b border-line bg-panel px-4 py-3 sm:px-5">
        <Title key={subject} id={id}>
          {title}
        </Title>
        <Button look="bare" className="min-h-8.5 min-w-8.5" aria-label="Close" onClick={onClose}>
          ✕
        </Button>
      </div>
      <div className="grid grid-cols-1 gap-5 px-4 py-4 sm:px-5">{children}</div>
    </dialog>
  );
}

function Title({ id, children }: { id: string; children: ReactNode }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    const heading = ref.current;
    heading?.focus({ preventScroll: true });
    heading?.closest('dialog')?.scrollTo(0, 0);
  }, []);
  return (
    <h2
      ref={ref}
      id={id}
      tabIndex={-1}
      className="flex min-h-8.5 min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-0.5 text-base outline-none wrap-anywhere touch:min-h-11"
    >
      {children}
    </h2>
  );
}

function show(dialog: HTMLDialogElement) {
  dialog.showModal();
  // Before the first control, so that a screen reader reads the title.
  dialog.querySelector('h2')?.focus({ preventScroll: true });
}

function isInside(element: Element, x: number, y: number): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return x >= left && x <= right && y >= top && y <= bottom;
}
