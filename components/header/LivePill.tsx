'use client';

import { pictureAge } from '../live/age';
import { useStatus } from '../live/hooks';
import { Pill, type Tone } from '../ui/Pill';

const TONES: Record<ReturnType<typeof useStatus>['state'], Tone> = {
  live: 'ok',
  connecting: 'off',
  reconnecting: 'warn',
  stale: 'warn',
};

/** Whether the picture is live and how old it is: always in sight. */
export function LivePill() {
  const { state, age } = useStatus();
  return (
    <Pill tone={TONES[state]}>
      {state === 'live' || age === null ? state : <b>{state}</b>}
      {age === null ? '…' : ' · '}
      {age !== null && (
        <>
          <b>{pictureAge(age)}</b> ago
        </>
      )}
    </Pill>
  );
}
