'use client';

import { pictureAge } from '@/lib/client/age';
import { useStatus } from '@/lib/client/hooks';
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
      {age === null ? (
        (state === 'stale' && 'no picture') || `${state}…`
      ) : (
        <>
          {state === 'live' ? state : <b>{state}</b>} · <b>{pictureAge(age)}</b> ago
        </>
      )}
    </Pill>
  );
}
