import type { ReactNode } from 'react';
import { Help } from '../ui/Help';

/** Classes of the panel's rows, and of the line of text in them. */
export const DEMO_ROWS = 'flex flex-wrap items-center gap-x-3 gap-y-2';
export const DEMO_LINE =
  'flex h-11 min-w-0 grow basis-full items-center gap-2 max-sm:text-[13px] sm:h-auto sm:basis-0';

/** The frame of the demo's panel, which has the same height with and without its buttons; `busy`: they are not loaded yet. */
export function DemoFrame({ busy = false, children }: { busy?: boolean; children: ReactNode }) {
  return (
    <section
      aria-label="Demo swarm"
      aria-busy={busy}
      className="min-h-26.5 rounded-xl border border-dashed border-accent-line bg-panel px-3.5 py-1.25 sm:min-h-11.5"
    >
      {children}
    </section>
  );
}

/** What the demo is. */
export function DemoNote() {
  return (
    <p className="sm:truncate">
      <b className="text-accent">Demo swarm:</b> simulated nodes. Nothing here is real.{' '}
      <Help id="demo" about="the demo swarm" />
    </p>
  );
}

/** The panel in the first HTML. */
export function DemoPlace() {
  return (
    <DemoFrame busy>
      <div className={DEMO_ROWS}>
        <div className={`${DEMO_LINE} sm:min-h-8.5`}>
          <DemoNote />
        </div>
      </div>
    </DemoFrame>
  );
}
