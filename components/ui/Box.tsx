import type { ComponentProps } from 'react';

/** A framed area of the page. Laid out and painted apart, so that a change elsewhere does not repaint it. */
export function Box({ className = '', ...rest }: ComponentProps<'section'>) {
  return (
    <section
      {...rest}
      className={`isolate min-w-0 rounded-xl border border-line bg-panel p-4 contain-layout ${className}`}
    />
  );
}
