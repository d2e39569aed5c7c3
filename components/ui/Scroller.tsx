import type { ReactNode } from 'react';

/** A scrollable region, focusable so that it scrolls by keyboard. `label`: its content. */
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
      className={`overflow-auto ${className}`}
      role="region"
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      {children}
    </div>
  );
}
