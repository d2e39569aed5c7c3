import type { ReactNode } from 'react';
import { Button } from './Button';

/**
 * A panel at the bottom of the window, over the page and not modal: what is above it stays in sight
 * and usable. Always rendered, for the `aria-controls` of the button that opens it.
 */
export function Sheet({
  id,
  title,
  open,
  onClose,
  children,
}: {
  id: string;
  title: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    // Escape closes it from any control inside.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      id={id}
      hidden={!open}
      data-sheet
      className="fixed inset-x-0 bottom-0 z-10 mx-auto flex max-h-[46dvh] max-w-[1680px] flex-col overflow-auto rounded-t-[14px] border border-b-0 border-accent-line bg-panel px-4 pb-[max(16px,env(safe-area-inset-bottom))] shadow-[0_-8px_30px_var(--color-shadow)]"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      {children}
      {open && (
        // Stays in sight while the rest scrolls. Last in the page's order, so that Tab reaches the controls first.
        <div className="sticky top-0 z-1 -order-1 -mx-4 flex min-h-11 flex-none items-center justify-between bg-panel pr-2 pl-4">
          <b className="text-sm">{title}</b>
          <Button look="bare" aria-label="Close" onClick={onClose}>
            ✕
          </Button>
        </div>
      )}
    </div>
  );
}
