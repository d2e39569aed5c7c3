import type { CSSProperties, ReactNode } from 'react';

/** The ClusterHAT's circuit board with its name. */
export function Hat({
  name = 'ClusterHAT',
  busy,
  children,
}: {
  name?: string | undefined;
  busy?: boolean;
  children: ReactNode;
}) {
  return (
    <section
      aria-label={name}
      aria-busy={busy}
      className="circuit-board px-4 pt-7.5 pb-4 text-pcb-ink"
    >
      <h2 className="silkscreen absolute top-1.75 left-8.5 uppercase">{name}</h2>
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
