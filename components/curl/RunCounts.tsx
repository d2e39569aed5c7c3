import type { Run } from '@/lib/curl/run';
import { Term } from '../ui/Term';
import { percent } from './words';

/** How many requests were sent, answered, failed and skipped, over how many connections. */
export function RunCounts({ run }: { run: Run }) {
  const counts: [string, string | number, boolean?][] = [
    ['sent', `${run.sent} of ${run.planned}`],
    ['answered', run.answered],
    ['failed', run.failed, run.failed > 0],
    ['skipped', run.skipped],
    ['connections', run.connections],
    ['repeats', percent(run.repeats)],
  ];
  return (
    <dl className="mt-1 flex flex-wrap items-baseline gap-x-4 gap-y-1 text-dim max-sm:grid max-sm:grid-cols-3">
      {counts.map(([name, value, bad]) => (
        <div
          key={name}
          className="flex flex-row-reverse justify-end gap-x-1.5 max-sm:flex-col-reverse"
        >
          <dt className="max-sm:text-xs">
            {name === 'repeats' ? <Term id="repeats">{name}</Term> : name}
          </dt>
          <dd className={`font-semibold ${bad ? 'text-bad' : 'text-ink'}`}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
