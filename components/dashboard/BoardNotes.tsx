'use client';

import { usePast } from '@/lib/client/hooks';
import type { Notice } from '@/lib/swarm/view';
import { Notices } from '../board/Notices';
import { lazyPart } from '../ui/lazy-part';

const PastViewBar = lazyPart(() =>
  import('../timeline/PastViewBar').then((part) => part.PastViewBar),
);

/** The strip beside the board's name: that the board shows the past, else what the page cannot show. */
export function BoardNotes({ notices }: { notices: readonly Notice[] }) {
  return usePast() ? <PastViewBar /> : <Notices notices={notices} />;
}
