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
import { useHistory } from './use-history';
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
    <p
      className="rounded-md bg-warn-fill px-2 text-xs leading-5 whitespace-nowrap text-slot-ink wide:order-last"
      data-past={at}
    >
      <b>State at {clockTime(at)}</b> <span className="max-sm:hidden">({timeAgo(at, now)})</span>
    </p>
  );
}

function Bar({ at }: { at: number }) {
  const timeline = useTimeline();
  const { leftAt } = useTimelinePosition();
  const newEntries = timeline?.entries.filter((entry) => entry.at > leftAt).length ?? 0;
  return (
    <div
      className={`fixed inset-x-0 bottom-0 z-20 grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 gap-y-1 border-t-2 border-dashed border-warn-fill bg-panel px-3 pt-2 pb-[max(8px,env(safe-area-inset-bottom))] shadow-[0_-8px_30px_var(--color-shadow)] transition-[translate] duration-200 min-[60rem]:grid-cols-[auto_minmax(0,1fr)_auto] min-[60rem]:px-[max(24px,calc((100vw-1680px)/2+24px))] starting:translate-y-full ${styles.bar}`}
      role="region"
      aria-label="The board shows the past"
    >
      <BarText at={at} />
      <div className="flex items-center gap-4 max-[60rem]:col-span-full max-[60rem]:row-start-2">
        <EventStepButton direction="previous" />
        <div className="flex-1">
          <TimeSlider />
        </div>
        <EventStepButton direction="next" />
      </div>
      <Button look="primary" onClick={() => timeTravel.backToNow()}>
        Back to now
        {newEntries > 0 && (
          <span className="rounded-full bg-[rgb(255_255_255/0.22)] px-1.5 text-[11px]">
            {newEntries} new
          </span>
        )}
      </Button>
      <LiveRegion text="The board shows the past. Press Escape to go back to now." />
    </div>
  );
}

function BarText({ at }: { at: number }) {
  const now = useNow();
  const gaps = useHistory()?.gaps ?? [];
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
