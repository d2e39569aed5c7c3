import type { ReactNode } from 'react';
import { FixedNow } from '@/lib/client/clock';

/** Inside a board of the past, for words about how long ago that was: the present's clock again. */
export function ServerClock({ children }: { children: ReactNode }) {
  return <FixedNow value={null}>{children}</FixedNow>;
}
