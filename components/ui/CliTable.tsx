import type { ReactNode } from 'react';

/** A table that looks like the output of a `docker … ls` command; its heading row stays in sight. */
export function CliTable({ children }: { children: ReactNode }) {
  return (
    <table className="w-full border-collapse text-left font-mono text-[12.5px]/normal whitespace-nowrap cells:border-b cells:border-line cells:py-1.25 cells:pr-3 [&_td]:align-top [&_th]:sticky [&_th]:top-0 [&_th]:bg-panel [&_th]:font-medium [&_th]:touch:h-11 [&_th]:align-top [&_th]:touch:align-middle [&_th]:text-dim">
      {children}
    </table>
  );
}
