import { useId, useState } from 'react';
import type { Run } from '@/lib/curl/run';
import { Button } from '../ui/Button';
import { percent, REPEATS_WORDS } from './words';

/** How many requests were sent, answered, failed and skipped, over how many connections. */
export function RunCounts({ run }: { run: Run }) {
  const [explained, setExplained] = useState(false);
  const explanationId = useId();
  const counts: [string, string | number, boolean?][] = [
    ['sent', `${run.sent} of ${run.planned}`],
    ['answered', run.answered],
    ['failed', run.failed, run.failed > 0],
    ['skipped', run.skipped],
    ['connections', run.connections],
    ['repeats', percent(run.repeats)],
  ];
  return (
    <>
      <dl className="mt-1 flex flex-wrap items-baseline gap-x-4 gap-y-1 text-dim max-sm:grid max-sm:grid-cols-3">
        {counts.map(([name, value, bad]) => (
          <div
            key={name}
            className="flex flex-row-reverse justify-end gap-x-1.5 max-sm:flex-col-reverse"
          >
            <dt className="max-sm:text-xs">
              {name === 'repeats' ? (
                <Button
                  look="inline"
                  className="decoration-dotted"
                  title={REPEATS_WORDS}
                  aria-expanded={explained}
                  aria-controls={explanationId}
                  onClick={() => setExplained(!explained)}
                >
                  {name}
                </Button>
              ) : (
                name
              )}
            </dt>
            <dd className={`font-semibold ${bad ? 'text-bad' : 'text-ink'}`}>{value}</dd>
          </div>
        ))}
      </dl>
      <p id={explanationId} className="mt-1.5 text-xs text-dim" hidden={!explained}>
        {REPEATS_WORDS}
      </p>
    </>
  );
}
