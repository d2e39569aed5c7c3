'use client';

import { useContext } from 'react';
import { FixedNow } from '../live/clock';
import { useFromNow, useTimeline } from '../live/hooks';
import { shortAge } from '../live/age';
import { downSince, sinceWords } from './down-since';

/** Since when nothing is known of a node that is not ready; nothing when nobody saw it go. */
export function DownSince({ nodeId }: { nodeId: string }) {
  const timeline = useTimeline();
  const at = useContext(FixedNow);
  const since = timeline && downSince(timeline.entries, nodeId, at);
  const ago = useFromNow((now) => (since ? shortAge(now - since.at) : null));
  if (!since) return null;
  return <p className="text-xs text-warn">{`${sinceWords(since)}, ${ago} ago.`}</p>;
}
