import type { ReactNode } from 'react';
import { Button } from './Button';

/**
 * A panel at the bottom of the window, over the page and not modal: what is above it stays in sight
 * and usable. Always rendered, for the `aria-controls` of the button that opens it.
 */
export function Sheet({
  id,
  open,
  onClose,
  children,
}: {
  id: string;
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
      className="fixed inset-x-0 bottom-0 z-10 mx-auto max-h-[46dvh] max-w-[1680px] overflow-auto rounded-t-[14px] border border-b-0 border-accent-line bg-panel px-4 pt-3 pb-[max(16px,env(safe-area-inset-bottom))] shadow-[0_-8px_30px_var(--color-shadow)] wide:pr-14"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      {children}
      {open && (
        <Button look="bare" className="absolute top-2 right-2" aria-label="Close" onClick={onClose}>
          ✕
        </Button>
      )}
    </div>
  );
}
