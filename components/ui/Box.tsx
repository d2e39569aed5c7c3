import type { ComponentProps } from 'react';

/** A framed area of the page. Layout containment keeps changes elsewhere from repainting it. */
export function Box({ className = '', ...rest }: ComponentProps<'section'>) {
  return (
    <section
      {...rest}
      className={`isolate min-w-0 rounded-xl border border-line bg-panel p-4 contain-layout ${className}`}
    />
  );
}
