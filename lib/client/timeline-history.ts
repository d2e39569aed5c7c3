import type { LiveMessage } from '@/lib/api';
import { TIMELINE_MS } from '@/lib/swarm/timeline-length';
import type { TimelineHistory } from './cache';

/** Maximum entries, spans and gaps that the browser keeps: as many as the server. */
const MAX_ITEMS = 1000;

/** The timeline with a message's items added; a gap replaces the one with the same start. */
export function addToTimeline(
  before: TimelineHistory | undefined,
  { reset, entries, spans, gaps, forgottenUntil }: Extract<LiveMessage, { kind: 'timeline' }>,
): TimelineHistory {
  const kept = !reset && before ? before : { entries: [], spans: [], gaps: [] };
  const newest = spans.reduce((max, { to }) => Math.max(max, to ?? 0), entries.at(-1)?.at ?? 0);
  const isRecent = ({ to }: { to: number | null }) => to === null || to >= newest - TIMELINE_MS;
  const replaced = new Set(gaps.map(({ from }) => from));
  return {
    entries: [...kept.entries, ...entries]
      .filter(({ at }) => at >= newest - TIMELINE_MS)
      .slice(-MAX_ITEMS),
    spans: [...kept.spans, ...spans].filter(isRecent).slice(-MAX_ITEMS),
    gaps: [...kept.gaps.filter(({ from }) => !replaced.has(from)), ...gaps]
      .filter(isRecent)
      .slice(-MAX_ITEMS),
    forgottenUntil,
  };
}
