'use client';

import type { ReactNode } from 'react';
import { useConnection } from '@/lib/client/hooks';

/** A part of the page with the swarm's state: its status colours are grey while the view is stale. */
export function StatusArea({ children }: { children: ReactNode }) {
  const stale = useConnection().state === 'stale';
  return (
    <div className="contents" data-stale={stale || undefined}>
      {children}
    </div>
  );
}
