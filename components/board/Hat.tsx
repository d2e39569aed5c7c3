import type { CSSProperties, ReactNode } from 'react';

/** The white lettering on the circuit board. */
export const SILKSCREEN = 'font-mono text-[11px]/4 font-semibold tracking-[0.08em] text-pcb-dim';

const PORT =
  'flex items-center gap-1.5 self-start pl-3 before:h-1.75 before:w-5.5 before:self-end before:rounded-t-[3px] before:border-[1.5px] before:border-b-0 before:border-pcb-copper';

const WIDE_COLUMNS =
  'wide:grid-cols-[minmax(0,1.25fr)_repeat(calc(var(--places)-1),minmax(0,1fr))]';
const MANY_COLUMNS = 'wide:grid-cols-[repeat(auto-fill,minmax(210px,1fr))]';

/** A card in a place fills it; the places of a row are equally high. */
export const IN_PLACE = 'flex-1 wide:min-h-57.5';

/** The ClusterHAT's circuit board with its name. `outlined`: it shows the past. */
export function Hat({
  outlined = false,
  busy,
  children,
}: {
  outlined?: boolean;
  busy?: boolean;
  children: ReactNode;
}) {
  const outline = outlined ? 'outline-2 outline-offset-3 outline-warn-fill outline-dashed' : '';
  return (
    <section
      aria-label="ClusterHAT"
      aria-busy={busy}
      className={`circuit-board relative isolate rounded-2xl border border-pcb-line px-4 pt-7.5 pb-4 text-pcb-ink shadow-[0_10px_30px_-12px_var(--color-shadow)] ${outline}`}
    >
      <h2 className={`absolute top-1.75 left-8.5 uppercase ${SILKSCREEN}`}>ClusterHAT</h2>
      {children}
    </section>
  );
}

/** The HAT's places: the controller across the top, on wide screens in one row with the others. */
export function Places({ count, children }: { count: number; children: ReactNode }) {
  return (
    <div
      className={`grid gap-3 min-[34rem]:grid-cols-2 ${count > 6 ? MANY_COLUMNS : WIDE_COLUMNS}`}
      style={{ '--places': count } as CSSProperties}
    >
      {children}
    </div>
  );
}

/** One place with its port's name; null for the controller's GPIO header. */
export function Place({ port, children }: { port: string | null; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col first:col-span-full wide:first:col-auto">
      <span aria-hidden className={`${PORT} ${SILKSCREEN}`}>
        {port ?? 'GPIO'}
      </span>
      {children}
    </div>
  );
}
