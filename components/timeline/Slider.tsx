'use client';

import { clockTime } from '@/lib/swarm/duration';
import { serverNow } from '@/lib/client/clock';
import { useNow, useTimeline } from '@/lib/client/hooks';
import { Button } from '../ui/Button';
import { neighbour } from './list';
import { moments, useMoment } from './time-travel';
import styles from './timeline.module.css';
import { useWindow } from './use-window';
import { agoWords } from './words';

/** A step of the arrow keys (ms). */
const STEP = 1000;

/** The moment that the board shows: at its right end the present, elsewhere the past. */
export function Slider() {
  const { at } = useMoment();
  const { from, to } = useWindow();
  const now = useNow();
  return (
    <input
      type="range"
      className={styles.slider}
      aria-label="Moment that the board shows"
      aria-valuetext={at === null ? 'now' : `${clockTime(at)}, ${agoWords(at, now)}`}
      min={from}
      max={to}
      step={STEP}
      value={at ?? to}
      onChange={(event) => {
        const chosen = Number(event.target.value);
        if (chosen > to - STEP) moments.backToNow();
        else moments.goTo(chosen, serverNow());
      }}
    />
  );
}

/** To the moment of the last thing before the shown one, or of the next one after it. */
export function EventStep({ direction }: { direction: 'before' | 'after' }) {
  const { at } = useMoment();
  const entries = useTimeline()?.entries ?? [];
  const target = neighbour(entries, at, direction);
  const back = direction === 'before';
  return (
    <Button
      className="px-2.5"
      aria-label={back ? 'The event before' : 'The event after'}
      title={back ? 'The event before' : 'The event after'}
      disabled={back ? target === null : at === null}
      onClick={() => {
        if (target === null) moments.backToNow();
        else moments.goTo(target, serverNow());
      }}
    >
      {back ? '⟨' : '⟩'}
    </Button>
  );
}
