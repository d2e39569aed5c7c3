'use client';

import { clockTime } from '@/lib/swarm/duration';
import { serverNow } from '@/lib/client/clock';
import { useNow } from '@/lib/client/hooks';
import { timeAgo } from './event-words';
import { timeTravel, useTimelinePosition } from './time-travel';
import styles from './timeline.module.css';
import { useTimeWindow } from './use-time-window';

/** Step of the arrow keys (ms). */
const STEP = 1000;

/** Sets the time that the board shows. Its right end is the live view. */
export function TimeSlider() {
  const { at } = useTimelinePosition();
  const { from, to } = useTimeWindow();
  const now = useNow();
  return (
    <input
      type="range"
      className={styles.slider}
      aria-label="Time shown on the board"
      aria-valuetext={at === null ? 'now' : `${clockTime(at)}, ${timeAgo(at, now)}`}
      min={from}
      max={to}
      step={STEP}
      value={at ?? to}
      onChange={(event) => {
        const chosen = Number(event.target.value);
        if (chosen > to - STEP) timeTravel.backToNow();
        else timeTravel.goTo(chosen, serverNow());
      }}
    />
  );
}
