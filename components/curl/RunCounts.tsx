import type { ReactNode } from 'react';
import type { Run } from '@/lib/curl/run';
import { Term } from '../ui/Term';
import { percent } from './words';

/**
 * How many requests were sent, answered, failed and skipped, over how many connections. Each has a column of its own and
 * one line, so that growing numbers move nothing.
 */
export function RunCounts({ run }: { run: Run }) {
  const counts: [string, ReactNode, boolean?][] = [
    [
      'sent',
      <>
        {run.sent}{' '}
        <span className="max-xl:text-xs max-xl:font-normal max-xl:text-dim">of {run.planned}</span>
      </>,
    ],
    ['answered', run.answered],
    ['failed', run.failed, run.failed > 0],
    ['skipped', run.skipped],
    ['connections', run.connections],
    ['repeats', percent(run.repeats)],
  ];
  return (
    <dl className="mt-1 grid grid-cols-[1.5fr_1fr_1fr] gap-x-3 gap-y-1 whitespace-nowrap text-dim sm:grid-cols-[1.5fr_repeat(5,1fr)] xl:flex xl:items-baseline xl:gap-x-4">
      {counts.map(([name, value, bad]) => (
        <div
          key={name}
          className="flex min-w-0 flex-col-reverse justify-end gap-x-1.5 xl:flex-row-reverse"
        >
          <dt className="max-xl:text-xs">
            {name === 'repeats' ? <Term id="repeats">{name}</Term> : name}
          </dt>
          <dd className={`font-semibold ${bad ? 'text-bad' : 'text-ink'}`}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
