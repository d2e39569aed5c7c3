'use client';

import { memo, useMemo, useState } from 'react';
import type { TimelineEntry } from '@/lib/swarm/timeline-schemas';
import { clockTime } from '@/lib/swarm/duration';
import type { SwarmView } from '@/lib/swarm/view';
import { counted } from '@/lib/swarm/words';
import { shortAge } from '@/lib/client/age';
import { serverNow } from '@/lib/client/clock';
import { useFromNow } from '@/lib/client/hooks';
import type { TimelineHistory } from '@/lib/client/cache';
import { Button } from '../ui/Button';
import type { Badge } from '@/lib/client/use-badges';
import { SlotBadge } from '../ui/SlotBadge';
import { useBadges } from '@/lib/client/use-badges';
import type { EventListItem } from './event-list-items';
import {
  byWords,
  droppedText,
  entrySymbol,
  gapText,
  repeatWords,
  unrecordedNote,
} from './event-words';
import { timeTravel, useTimelinePosition } from './time-travel';

/** Lines shown at first, and how many more each click adds. */
const FIRST_PAGE = 60;
const NEXT_PAGE = 200;

/** Events and gaps, newest first. A click on a line's time shows the board at that time. */
export function EventList({
  id,
  items,
  timeline,
  view,
}: {
  id: string;
  items: readonly EventListItem[];
  timeline: TimelineHistory;
  view: SwarmView;
}) {
  const [limit, setLimit] = useState(FIRST_PAGE);
  const { at } = useTimelinePosition();
  const badgeOf = useBadges(view);
  const badges = useMemo(
    () => new Map(timeline.spans.map((span) => [span.taskId, badgeOf(span)])),
    [timeline.spans, badgeOf],
  );
  if (timeline.entries.length > 0 && items.every(({ kind }) => kind === 'gap')) {
    return (
      <p id={id} className="py-3 text-dim">
        No events match this filter ({counted(timeline.entries.length, 'event')} without it).
      </p>
    );
  }
  return (
    <>
      <ol
        id={id}
        className="scrolls max-h-[60vh] border-t border-line"
        aria-label="Events, newest first"
      >
        {items
          .slice(0, limit)
          .map((item) =>
            item.kind === 'gap' ? (
              <NoteLine key={item.key} text={gapText(item.gap)} />
            ) : (
              <EntryLine
                key={item.key}
                entry={item.entry}
                badge={badges.get(item.entry.taskId ?? '')}
                chosen={at === Math.round(item.entry.viewAt)}
              />
            ),
          )}
        {timeline.forgottenUntil !== null && items.length <= limit && (
          <NoteLine text={droppedText(timeline.forgottenUntil)} />
        )}
      </ol>
      {items.length > limit && (
        <Button className="mt-2 text-xs" onClick={() => setLimit(limit + NEXT_PAGE)}>
          {`Show older events (${items.length - limit})`}
        </Button>
      )}
    </>
  );
}

const EntryLine = memo(function EntryLine({
  entry,
  badge,
  chosen,
}: {
  entry: TimelineEntry;
  /** Undefined if the entry is not about a task, or the task is no longer known. */
  badge: Badge | undefined;
  chosen: boolean;
}) {
  const ago = useFromNow((now) => `${shortAge(now - entry.at)} ago`);
  const time = clockTime(entry.at);
  const note = unrecordedNote(entry);
  const repeats = repeatWords(entry);
  return (
    <li
      className="grid grid-cols-[auto_20px_minmax(0,1fr)_auto] items-baseline gap-x-1.5 gap-y-0.5 border-b border-l-[3px] border-b-line border-l-transparent py-1.25 pr-1 data-chosen:border-l-warn-fill data-chosen:bg-raise sm:grid-cols-[auto_22px_minmax(0,1fr)_auto] sm:gap-x-2.5 sm:pr-2 sm:pl-1"
      data-entry={entry.kind}
      data-bad={entry.bad || undefined}
      data-chosen={chosen || undefined}
    >
      <button
        type="button"
        className="rounded-md border border-line px-1.5 py-px font-mono text-xs leading-4.5 hover:border-accent hover:text-accent max-sm:min-h-8"
        aria-label={`Show the board at ${time}`}
        title="Show the board at this time"
        aria-pressed={chosen}
        onClick={() => timeTravel.goTo(entry.viewAt, serverNow())}
      >
        {time}
      </button>
      <span
        aria-hidden
        className={`w-5 justify-self-center text-center text-xs leading-5 font-bold ${
          entry.bad ? 'rounded-sm bg-bad-fill text-panel' : 'text-dim'
        }`}
      >
        {entrySymbol(entry)}
      </span>
      <span
        className={`flex flex-wrap items-baseline gap-x-2 gap-y-0.5 wrap-anywhere ${
          entry.bad ? 'font-semibold text-bad' : ''
        }`}
      >
        {entry.bad && <span className="sr-only">Problem: </span>}
        {badge !== undefined && (
          <span className="self-center">
            <SlotBadge slot={badge} />
          </span>
        )}
        <span className="max-sm:min-w-[min(100%,6rem)] max-sm:flex-1">{entry.text}</span>
        {entry.by !== undefined && (
          <span className="text-xs font-normal text-dim">{byWords(entry.by)}</span>
        )}
        {repeats && <span className="text-xs text-dim">{repeats}</span>}
        {note && <em className="text-xs font-normal text-dim">{note}</em>}
      </span>
      <span className="text-xs whitespace-nowrap text-dim">{ago}</span>
    </li>
  );
});

function NoteLine({ text }: { text: string }) {
  return (
    <li
      className="border-b border-line bg-[repeating-linear-gradient(135deg,var(--color-raise)_0_8px,var(--color-stripe)_8px_16px)] px-3 py-1.25 text-xs"
      data-entry="gap"
    >
      <span className="rounded-sm bg-panel px-1.5">{text}</span>
    </li>
  );
}
