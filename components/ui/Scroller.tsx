import type { ReactNode } from 'react';

/** A part that scrolls when it must, and so can be reached by keyboard. `label` says what is in it. */
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
