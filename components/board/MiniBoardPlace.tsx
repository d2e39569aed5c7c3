'use client';

import { useSyncExternalStore, type ReactNode } from 'react';
import { lazyPart } from '../ui/lazy-part';

const MiniBoard = lazyPart(() => import('./MiniBoard').then((part) => part.MiniBoard));

/** Where the page is one column (below 60rem) the board and Start are often out of sight. */
const NARROW = '(width < 60rem)';

/** The place of the mini board, kept free from the start; wide pages do not load it. */
export function MiniBoardPlace({ fallback }: { fallback: ReactNode }) {
  const narrow = useSyncExternalStore(
    onChange,
    () => matchMedia(NARROW).matches,
    () => false,
  );
  return (
    <div className="h-26 px-2.5 pt-1 pb-1.5 sm:h-14.5 sm:px-4 min-[60rem]:hidden">
      {narrow ? <MiniBoard fallback={fallback} /> : fallback}
    </div>
  );
}

function onChange(listener: () => void) {
  const query = matchMedia(NARROW);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
