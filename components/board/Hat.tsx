import type { CSSProperties, ReactNode } from 'react';

const WIDE_COLUMNS =
  'wide:grid-cols-[minmax(0,1.25fr)_repeat(calc(var(--places)-1),minmax(0,1fr))]';
const MANY_COLUMNS = 'wide:grid-cols-[repeat(auto-fill,minmax(210px,1fr))]';

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
      className={`circuit-board px-4 pt-7.5 pb-4 text-pcb-ink ${outline}`}
    >
      <h2 className="silkscreen absolute top-1.75 left-8.5 uppercase">ClusterHAT</h2>
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
    <div className="place">
      <span aria-hidden className="port silkscreen flex items-center gap-1.5 self-start pl-3">
        {port ?? 'GPIO'}
      </span>
      {children}
    </div>
  );
}
