'use client';

import { shortDuration } from '@/lib/client/age';
import { useStatus } from '@/lib/client/hooks';
import { Pill, type Tone } from '../ui/Pill';

const TONES: Record<ReturnType<typeof useStatus>['state'], Tone> = {
  live: 'ok',
  connecting: 'off',
  reconnecting: 'warn',
  stale: 'warn',
};

/**
 * Whether the view is live and how old it is. As wide as `live · 0.0 s ago` in every state, so that
 * the counts beside it do not move; on a phone no wider, so that the header stays one line.
 */
export function LivePill() {
  const { state, age } = useStatus();
  return (
    <Pill tone={TONES[state]} className="min-w-32 max-xs:w-32 max-xs:[&>span]:truncate">
      {age === null ? (
        (state === 'stale' && 'no data') || `${state}…`
      ) : (
        <>
          {state === 'live' ? state : <b>{state}</b>} · <b>{shortDuration(age)}</b>
          <span className="max-xs:sr-only"> ago</span>
        </>
      )}
    </Pill>
  );
}
