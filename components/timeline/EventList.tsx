'use client';

import { memo, useMemo, useState } from 'react';
import type { TimelineEntry } from '@/lib/swarm/timeline-schemas';
import { clockTime } from '@/lib/swarm/duration';
import { shortAge } from '@/lib/client/age';
import { serverNow } from '@/lib/client/clock';
import { useFromNow } from '@/lib/client/hooks';
import type { TimelineHistory } from '@/lib/client/cache';
import { Button } from '../ui/Button';
import { SlotBadge } from '../ui/SlotBadge';
import type { ListItem } from './list';
import { moments, useMoment } from './time-travel';
import styles from './timeline.module.css';
import { forgottenWords, gapWords, signOf, unseenWords } from './words';

/** Lines shown at first, and by how many more each time. */
const PAGE = 60;

/** What happened and when, newest first, gaps among it. Each line leads to the board as it was then. */
export function EventList({
  id,
  items,
  timeline,
}: {
  id: string;
  items: readonly ListItem[];
  timeline: TimelineHistory;
}) {
  const [most, setMost] = useState(PAGE);
  const { at } = useMoment();
  const slots = useMemo(
    () => new Map(timeline.spans.map(({ taskId, slot }) => [taskId, slot])),
    [timeline.spans],
  );
  const entries = items.filter(({ kind }) => kind === 'entry').length;
  if (entries === 0 && timeline.entries.length > 0) {
    return (
      <p id={id} className="py-3 text-dim">
        Nothing of that kind has happened. {timeline.entries.length} other things have.
      </p>
    );
  }
  return (
    <>
      <ol id={id} className={styles.events} aria-label="What happened, newest first">
        {items
          .slice(0, most)
          .map((item) =>
            item.kind === 'gap' ? (
              <GapLine key={item.key} words={gapWords(item.gap)} />
            ) : (
              <EntryLine
                key={item.key}
                entry={item.entry}
                slot={slots.get(item.entry.taskId ?? '')}
                chosen={at === Math.round(item.at)}
              />
            ),
          )}
        {timeline.forgottenUntil !== null && items.length <= most && (
          <GapLine words={forgottenWords(timeline.forgottenUntil)} />
        )}
      </ol>
      {items.length > most && (
        <Button className="mt-2 text-xs" onClick={() => setMost(most + 200)}>
          {`show older ones (${items.length - most})`}
        </Button>
      )}
    </>
  );
}

const EntryLine = memo(function EntryLine({
  entry,
  slot,
  chosen,
}: {
  entry: TimelineEntry;
  /** Undefined: not about a task, or one of which nothing more is known. */
  slot: number | null | undefined;
  chosen: boolean;
}) {
  const ago = useFromNow((now) => `${shortAge(now - entry.at)} ago`);
  const time = clockTime(entry.at);
  const unseen = unseenWords(entry);
  return (
    <li
      className={styles.event}
      data-entry={entry.kind}
      data-bad={entry.bad || undefined}
      data-chosen={chosen || undefined}
    >
      <button
        type="button"
        className={styles.time}
        aria-label={`${time}: show the board as it was then`}
        title="Show the board as it was then"
        aria-pressed={chosen}
        onClick={() => moments.goTo(entry.at, serverNow())}
      >
        {time}
      </button>
      <span aria-hidden className={styles.sign}>
        {signOf(entry)}
      </span>
      <span className={styles.what}>
        {entry.bad && <span className="sr-only">Bad news: </span>}
        {slot !== undefined && <SlotBadge slot={slot} />}
        <span className={styles.text}>{entry.text}</span>
        {unseen && <em className="text-xs text-dim">{unseen}</em>}
      </span>
      <span className={styles.ago}>{ago}</span>
    </li>
  );
});

function GapLine({ words }: { words: string }) {
  return (
    <li className={styles.gap} data-entry="gap">
      <span>{words}</span>
    </li>
  );
}
