import type { ReactNode } from 'react';

/** The frame of the demo's panel, as tall without its content as with it: nothing moves when it loads. */
export function DemoFrame({ children }: { children?: ReactNode }) {
  return (
    <section
      aria-label={children ? 'Demo swarm' : undefined}
      className="min-h-[167px] rounded-xl border border-dashed border-accent-line bg-panel px-3.5 py-2.5 xs:min-h-[115px] sm:min-h-[85px] md:min-h-[63px] min-[60rem]:min-h-14"
    >
      {children}
    </section>
  );
}
