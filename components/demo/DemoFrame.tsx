import type { ReactNode } from 'react';

/** The frame of the demo's panel, which has the same height with and without its content. */
export function DemoFrame({ children }: { children?: ReactNode }) {
  return (
    <section
      aria-label={children ? 'Demo swarm' : undefined}
      className="min-h-26.5 rounded-xl border border-dashed border-accent-line bg-panel px-3.5 py-1.25 sm:min-h-11.5"
    >
      {children}
    </section>
  );
}
