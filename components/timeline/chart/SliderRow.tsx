'use client';

import { clockTime } from '@/lib/swarm/duration';
import { useTimelinePosition } from '../time-travel';
import { TimeSlider } from '../TimeSlider';
import styles from '../timeline.module.css';

/** The slider below the chart, on the chart's time scale, with a line on what the board shows. */
export function SliderRow() {
  const { at, problem } = useTimelinePosition();
  return (
    <div className={styles.sliderRow}>
      <TimeSlider />
      <p className={styles.sliderWords}>
        {problem && at !== null ? (
          <span className="text-bad">{`${clockTime(at)}: ${problem.detail}`}</span>
        ) : at === null ? (
          'Drag to show the board at an earlier time.'
        ) : (
          <>
            The board shows its state at {clockTime(at)}.{' '}
            <button type="button" className="underline" onClick={scrollToBoard}>
              Show board
            </button>
          </>
        )}
        <span className="ml-auto">now</span>
      </p>
    </div>
  );
}

function scrollToBoard() {
  document.querySelector('[data-board]')?.scrollIntoView({ behavior: 'smooth', block: 'start' });
}
