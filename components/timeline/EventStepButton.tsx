'use client';

import { serverNow } from '@/lib/client/clock';
import { Button } from '../ui/Button';
import { adjacentEntryTime } from './event-list-items';
import { timeTravel, useTimelinePosition } from './time-travel';
import { useHistory } from './use-history';

/** Shows the board at the time of the previous or next event; after the last event, the live board. */
export function EventStepButton({ direction }: { direction: 'previous' | 'next' }) {
  const { at } = useTimelinePosition();
  const entries = useHistory()?.entries ?? [];
  const target = adjacentEntryTime(entries, at, direction);
  const previous = direction === 'previous';
  const label = previous ? 'Previous event' : 'Next event';
  return (
    <Button
      aria-label={label}
      title={label}
      disabled={previous ? target === null : at === null}
      onClick={() => {
        if (target === null) timeTravel.backToNow();
        else timeTravel.goTo(target, serverNow());
      }}
    >
      {previous ? '⟨' : '⟩'}
    </Button>
  );
}
