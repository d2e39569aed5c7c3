import type { Run } from '@/lib/curl/run';
import { chanceWords, msText } from '../words';

/** Statistics of the distribution, and the dashboard's own part of the latencies. */
export function StatisticsFacts({ details, lagP99 }: Pick<Run, 'details' | 'lagP99'>) {
  return (
    <dl className="mt-2 grid max-w-180 gap-x-4 gap-y-1 text-xs text-dim sm:grid-cols-[auto_1fr]">
      {details ? (
        <>
          <Fact name="Jain's index" value={details.jain.toFixed(4)}>
            1 if all {details.tasks} tasks answered equally often, {(1 / details.tasks).toFixed(2)}{' '}
            if one answered everything. Computed from the {details.answers} answers since the tasks
            last changed.
          </Fact>
          <Fact name="χ²" value={details.chi2.toFixed(2)}>
            Against an even distribution, {details.df} {details.df === 1 ? 'degree' : 'degrees'} of
            freedom. 0 for a perfect round robin.
          </Fact>
          <Fact name="p" value={details.p < 0.001 ? '< 0.001' : details.p.toFixed(3)}>
            {chanceWords(details.p)}
          </Fact>
        </>
      ) : (
        <Fact name="Distribution" value="–">
          Needs two running tasks and an answer.
        </Fact>
      )}
      <Fact name="Send delay, p99" value={msText(lagP99)}>
        {lagP99 === null
          ? 'Delay between a request’s scheduled and actual time; needs 100 requests.'
          : 'Delay between a request’s scheduled and actual time, caused by the dashboard.'}
      </Fact>
    </dl>
  );
}

function Fact({
  name,
  value,
  children,
}: {
  name: string;
  value: string;
  children: React.ReactNode;
}) {
  return (
    <>
      <dt>
        {name} <b className="text-ink">{value}</b>
      </dt>
      <dd className="max-sm:mb-1.5">{children}</dd>
    </>
  );
}
