'use client';

import { useId, useMemo, useState } from 'react';
import { openSpans } from '@/lib/swarm/spans';
import { clockTime } from '@/lib/swarm/duration';
import { useView } from '@/lib/client/hooks';
import { Swimlanes } from './chart/Swimlanes';
import { EventList } from './EventList';
import { eventListItems, recordedSince } from './event-list-items';
import { NO_FILTER, type TimelineFilter } from './timeline-filter';
import { TimelineFilters } from './TimelineFilters';
import { useHistory } from './use-history';

/** The last day: which task ran where, a slider to show the board at an earlier time, and a list of events. */
export function Timeline() {
  const recorded = useHistory();
  const view = useView();
  // The server sends the spans of ended tasks only; the others follow from the view.
  const timeline = useMemo(
    () => recorded && view && { ...recorded, spans: [...recorded.spans, ...openSpans(view)] },
    [recorded, view],
  );
  const listId = useId();
  const [filter, setFilter] = useState<TimelineFilter>(NO_FILTER);
  const items = useMemo(
    () => (timeline ? eventListItems(timeline, filter) : []),
    [timeline, filter],
  );
  if (!timeline || !view) return <p className="py-6 text-dim">Loading the timeline …</p>;
  const since = recordedSince(timeline);
  return (
    <>
      <TimelineFilters filter={filter} view={view} timeline={timeline} onChange={setFilter} />
      <Swimlanes
        timeline={timeline}
        view={view}
        filter={filter}
        since={since}

        listId={listId}
      />
      {timeline.entries.length === 0 && (
        <p className="py-3 text-dim">
          No events{since !== null && ` since ${clockTime(since)}`} yet. Scale a service or power
          off a node to see one.
        </p>
      )}
      <EventList id={listId} items={items} timeline={timeline} view={view} />
    </>
  );
}
