'use client';

import { useEffect } from 'react';
import { createPortal } from 'react-dom';
import type { Gap } from '@/lib/swarm/timeline-schemas';
import { clockTime } from '@/lib/swarm/duration';
import { useNow, usePast, useTimeline } from '@/lib/client/hooks';
import { ServerClock } from './ServerClock';
import { Button } from '../ui/Button';
import { LiveRegion } from '../ui/LiveRegion';
import { moments, useMoment } from './time-travel';
import { EventStep, Slider } from './Slider';
import styles from './timeline.module.css';
import { agoWords } from './words';

/**
 * On a board of the past: which moment it shows, on the board itself, and a bar at the window's
 * foot with the slider and the way back. Escape goes back too.
 */
export function PastNote() {
  const past = usePast();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (
        event.key !== 'Escape' ||
        event.defaultPrevented ||
        document.querySelector('dialog[open]')
      )
        return;
      moments.backToNow();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  if (!past) return null;
  return (
    <ServerClock>
      <Stamp at={past.at} />
      {createPortal(<Bar at={past.at} />, document.body)}
    </ServerClock>
  );
}

function Stamp({ at }: { at: number }) {
  const now = useNow();
  return (
    <p className={styles.stamp} data-past={at}>
      <b>as it was at {clockTime(at)}</b> <span>({agoWords(at, now)})</span>
    </p>
  );
}

function Bar({ at }: { at: number }) {
  const now = useNow();
  const timeline = useTimeline();
  const { left, pictureAt, problem } = useMoment();
  const gap = timeline?.gaps.find((one) => one.from < at && at < (one.to ?? now));
  const news = timeline?.entries.filter((entry) => entry.at > left).length ?? 0;
  return (
    <div className={styles.bar} role="region" aria-label="The board shows the past">
      <p className={styles.barWords}>
        <b className="text-warn">As it was at {clockTime(at)}</b>{' '}
        <span className="text-dim">
          {agoWords(at, now)}
          {gap && ` · ${unknown(gap, pictureAt)}`}
        </span>
        {problem && <span className="text-bad"> {problem.detail}</span>}
      </p>
      <div className={styles.barSlider}>
        <EventStep direction="before" />
        <Slider />
        <EventStep direction="after" />
      </div>
      <Button look="primary" onClick={() => moments.backToNow()}>
        Back to now{news > 0 && <span className={styles.news}>{news} new</span>}
      </Button>
      <LiveRegion text="The board shows the past. Escape goes back to now." />
    </div>
  );
}

function unknown({ why }: Gap, pictureAt: number | null): string {
  const last = pictureAt === null ? '' : `: the last picture before, of ${clockTime(pictureAt)}`;
  return `${why} then${last}`;
}
