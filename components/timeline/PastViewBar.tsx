'use client';

import { useEffect } from 'react';
import { createPortal } from 'react-dom';
import { clockTime } from '@/lib/swarm/duration';
import { FixedNow } from '@/lib/client/clock';
import { useNow, usePast, useTimeline } from '@/lib/client/hooks';
import { Button } from '../ui/Button';
import { LiveRegion } from '../ui/LiveRegion';
import { EventStepButton } from './EventStepButton';
import { GAP_REASONS, timeAgo } from './event-words';
import { timeTravel, useTimelinePosition } from './time-travel';
import { TimeSlider } from './TimeSlider';
import styles from './timeline.module.css';

/**
 * While the board shows the past: a note on the board, and a bar at the bottom of the window with
 * the slider and the way back to the live view.
 */
export function PastViewBar() {
  const past = usePast();
  useEffect(() => {
    document.addEventListener('keydown', backToNowOnEscape);
    return () => document.removeEventListener('keydown', backToNowOnEscape);
  }, []);
  if (!past) return null;
  return (
    // The board's clock stands still at `past.at`; ages here count from the present.
    <FixedNow value={null}>
      <BoardNote at={past.at} />
      {createPortal(<Bar at={past.at} />, document.body)}
    </FixedNow>
  );
}

function backToNowOnEscape(event: KeyboardEvent) {
  const inDialog = document.querySelector('dialog[open]') !== null;
  if (event.key === 'Escape' && !event.defaultPrevented && !inDialog) timeTravel.backToNow();
}

function BoardNote({ at }: { at: number }) {
  const now = useNow();
  return (
    <p className={styles.stamp} data-past={at}>
      <b>State at {clockTime(at)}</b> <span>({timeAgo(at, now)})</span>
    </p>
  );
}

function Bar({ at }: { at: number }) {
  const timeline = useTimeline();
  const { leftAt } = useTimelinePosition();
  const newEntries = timeline?.entries.filter((entry) => entry.at > leftAt).length ?? 0;
  return (
    <div className={styles.bar} role="region" aria-label="The board shows the past">
      <BarText at={at} />
      <div className={styles.barSlider}>
        <EventStepButton direction="previous" />
        <TimeSlider />
        <EventStepButton direction="next" />
      </div>
      <Button look="primary" onClick={() => timeTravel.backToNow()}>
        Back to now{newEntries > 0 && <span className={styles.news}>{newEntries} new</span>}
      </Button>
      <LiveRegion text="The board shows the past. Press Escape to go back to now." />
    </div>
  );
}

function BarText({ at }: { at: number }) {
  const now = useNow();
  const gaps = useTimeline()?.gaps ?? [];
  const { viewAt, problem } = useTimelinePosition();
  const gap = gaps.find(({ from, to }) => from < at && at < (to ?? now));
  return (
    <p>
      <b className="text-warn">State at {clockTime(at)}</b>{' '}
      <span className="text-dim">
        {timeAgo(at, now)}
        {gap && ` · not recorded: ${GAP_REASONS[gap.why]}`}
        {gap && viewAt !== null && `; showing the last state before, from ${clockTime(viewAt)}`}
      </span>
      {problem && <span className="text-bad"> {problem.detail}</span>}
    </p>
  );
}
