'use client';

import { shortAge } from '@/lib/client/age';
import { useStatus } from '@/lib/client/hooks';
import { Help } from '../ui/Help';
import { Prose } from '../ui/Prose';

/**
 * Why the view is not live and what to do. `over`: on the strip beside the board's name, so that the
 * board does not move; a text that is too long for it opens under the pointer and with the focus.
 */
export function StaleBanner({ over = false }: { over?: boolean }) {
  const { state, age, problem } = useStatus();
  if (state !== 'stale') return null;
  return (
    <div
      className={`rounded-lg border border-warn bg-panel px-4 ${over ? 'stale-banner' : 'py-2.5'}`}
    >
      <p>
        <b data-problem={problem?.kind ?? 'stale'} className="text-warn">
          {problem?.detail ?? 'The view is not live.'}
        </b>{' '}
        <Prose text={problem?.next ?? ''} />{' '}
        <Help id={problem?.kind ?? 'stale'} about="why the view is not live" />
        {age !== null && (
          <span className="text-dim"> Below is the swarm as it was {shortAge(age)} ago.</span>
        )}
      </p>
    </div>
  );
}
