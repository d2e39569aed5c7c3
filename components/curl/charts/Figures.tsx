import type { Run } from '@/lib/curl/run';
import { msText } from '../words';
import { chanceWords } from '../words';

/** Evenness in figures and the panel's own share of a latency, for those who want to know exactly. */
export function Figures({ details, lagP99 }: Pick<Run, 'details' | 'lagP99'>) {
  return (
    <details className="mt-2">
      <summary className="w-fit text-xs text-dim">details</summary>
      <dl className="mt-2 grid max-w-180 gap-x-4 gap-y-1 text-xs text-dim sm:grid-cols-[auto_1fr]">
        {details ? (
          <>
            <Fact name="Jain's index" value={details.jain.toFixed(4)}>
              1 when all {details.tasks} tasks got the same, {(1 / details.tasks).toFixed(2)} when
              one got everything. Of the {details.answers} answers since the tasks last changed.
            </Fact>
            <Fact name="χ²" value={details.chi2.toFixed(2)}>
              against an even spread, {details.df} {details.df === 1 ? 'degree' : 'degrees'} of
              freedom. A perfect round robin has 0.
            </Fact>
            <Fact name="p" value={details.p < 0.001 ? '< 0.001' : details.p.toFixed(3)}>
              {chanceWords(details.p)}
            </Fact>
          </>
        ) : (
          <Fact name="evenness" value="–">
            It needs two running tasks and an answer.
          </Fact>
        )}
        <Fact name="sent late, p99" value={msText(lagP99)}>
          {lagP99 === null
            ? 'How late requests left: known from 100 of them.'
            : 'How late requests left after their moment: the dashboard’s own part of a latency.'}
        </Fact>
      </dl>
    </details>
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
