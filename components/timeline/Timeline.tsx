'use client';

import { useId, useMemo, useState } from 'react';
import { openSpans } from '@/lib/swarm/spans';
import { clockTime } from '@/lib/swarm/duration';
import { useTimeline, useView } from '@/lib/client/hooks';
import { EventList } from './EventList';
import { Filters } from './Filters';
import { knownSince, listItems, NO_FILTER, type TimelineFilter } from './list';
import { Swimlanes } from './Swimlanes';

/** The last hour: which task ran where, what happened and when, and a slider that goes back. */
export function Timeline() {
  const past = useTimeline();
  const view = useView();
  // What lasts is in the view: only what is over has been told.
  const tasks = view?.tasks;
  const timeline = useMemo(
    () => past && tasks && { ...past, spans: [...past.spans, ...openSpans(tasks)] },
    [past, tasks],
  );
  const listId = useId();
  const [filter, setFilter] = useState<TimelineFilter>(NO_FILTER);
  const items = useMemo(() => (timeline ? listItems(timeline, filter) : []), [timeline, filter]);
  if (!timeline || !view)
    return <p className="py-6 text-dim">Waiting for the server to tell it.</p>;
  const since = knownSince(timeline);
  return (
    <>
      <Filters filter={filter} view={view} timeline={timeline} onChange={setFilter} />
      <Swimlanes timeline={timeline} view={view} filter={filter} since={since} listId={listId} />
      {timeline.entries.length === 0 && (
        <p className="py-3 text-dim">
          Nothing has happened since someone first looked
          {since !== null && ` at ${clockTime(since)}`}. Scale the service, or unplug a Zero: it
          shows here.
        </p>
      )}
      <EventList id={listId} items={items} timeline={timeline} />
    </>
  );
}
