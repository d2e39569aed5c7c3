import { useId, type ReactNode } from 'react';

/**
 * A button with the first line of a text, which opens the whole text over the page, so that nothing
 * moves. The browser's own popover closes on Escape and on a click elsewhere. Beside the button, on
 * phones at the bottom of the window.
 */
export function Popover({
  line,
  label,
  className = 'truncate',
  children,
}: {
  line: ReactNode;
  /** Accessible name of the whole text. */
  label: string;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <>
      <button type="button" popoverTarget={id} className={`popover-line ${className}`}>
        {line}
      </button>
      <div id={id} popover="auto" role="group" aria-label={label} className="popover">
        {children}
      </div>
    </>
  );
}
