'use client';

import { clockTime } from '@/lib/swarm/duration';
import { useTimelinePosition } from '../time-travel';
import { TimeSlider } from '../TimeSlider';

/** The slider below the chart, on the chart's time scale, with a line on what the board shows. */
export function SliderRow() {
  const { at, problem } = useTimelinePosition();
  return (
    <div className="pt-1.5 max-sm:col-start-2">
      <TimeSlider />
      <p className="flex flex-wrap gap-x-1.5 text-xs text-dim">
        {problem && at !== null ? (
          <span className="text-bad">{`${clockTime(at)}: ${problem.detail}`}</span>
        ) : at === null ? (
          'Drag to show the board at an earlier time.'
        ) : (
          <>
            The board shows {clockTime(at)}.{' '}
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
