import type { ReactNode } from 'react';

/** A scrollable region that shows where it scrolls, focusable so that it scrolls by keyboard. `label`: its content. */
export function Scroller({
  label,
  className,
  children,
}: {
  label: string;
  className: string;
  children: ReactNode;
}) {
  return (
    <div
      className={`scrolls ${className}`}
      role="region"
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      {children}
    </div>
  );
}
