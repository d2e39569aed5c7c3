import type { CSSProperties, ReactNode } from 'react';

/** The ClusterHAT's circuit board with its name. */
export function Hat({
  name = 'ClusterHAT',
  busy,
  strip,
  children,
}: {
  name?: string | undefined;
  busy?: boolean;
  /** In the strip beside its name, which has the same height whether it is empty or not. */
  strip?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section aria-label={name} aria-busy={busy} className="circuit-board px-4 pb-4 text-pcb-ink">
      <div className="board-strip">
        <h2 className="silkscreen flex-1 uppercase wide:flex-none">{name}</h2>
        {strip ?? <div className="lane" />}
      </div>
      {children}
    </section>
  );
}

/** The HAT's places: the controller across the top, on wide screens in one row with the others. */
export function Places({ count, children }: { count: number; children: ReactNode }) {
  return (
    <div
      className={count > 6 ? 'places places-many' : 'places'}
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
