'use client';

import { memo, useMemo } from 'react';
import { slotLook } from '../../ui/slot';
import { useWidth } from '../../ui/use-width';
import { marksByRequest } from './bar-layout';
import { MarkLines } from './MarkLines';
import { latencyRange, latencyPlace, answerPaths, SLOT, TICKS } from './plot';
import type { AnswerChartProps } from './answering-tasks';
import { msText } from '../words';

const HEIGHT = 176;

/** Latency of each answer on a logarithmic axis, by slot. Errors are crosses, changes are lines. */
export const LatencyChart = memo(function LatencyChart({ run, answers, tasks }: AnswerChartProps) {
  const [ref, width] = useWidth();
  const range = latencyRange(answers, run.planned);
  const { first, count } = range;
  const paths = useMemo(() => {
    const slotOf = (taskId: string | null) => (taskId && tasks.get(taskId)?.slot) || null;
    return answerPaths(answers, slotOf, { first, count }, width, HEIGHT);
  }, [answers, tasks, first, count, width]);
  return (
    <figure className="min-w-0">
      {/* Its height is fixed: the percentiles become longer and shorter during a run. */}
      <figcaption className="mb-2 grid text-xs text-dim">
        <span>Latency in ms, log scale</span>
        <span className="max-sm:h-[2lh]">
          p50 <b className="text-ink">{msText(run.p50)}</b> · p95{' '}
          <b className="text-ink">{msText(run.p95)}</b> · p99{' '}
          {run.p99 === null ? 'needs 100 answers' : <b className="text-ink">{msText(run.p99)}</b>} ·{' '}
          <span className="whitespace-nowrap">
            n = <b className="text-ink">{run.answered}</b>
          </span>
        </span>
      </figcaption>
      <div
        role="img"
        aria-label={`Latency of each answer by replica: median ${msText(run.p50)}, 95th percentile ${msText(run.p95)}. The table has them by replica.`}
        className="flex gap-1.5 text-[11px] text-faint"
      >
        <div className="relative w-7 text-right" style={{ height: HEIGHT }}>
          {TICKS.map((ms) => (
            <span
              key={ms}
              className="absolute right-0 -translate-y-1/2 whitespace-nowrap"
              style={{ top: latencyPlace(ms) * HEIGHT }}
            >
              {ms}
            </span>
          ))}
        </div>
        <div ref={ref} className="min-w-0 flex-1">
          <svg width="100%" height={HEIGHT} className="block overflow-visible">
            {TICKS.map((ms) => (
              <line
                key={ms}
                x2="100%"
                y1={latencyPlace(ms) * HEIGHT}
                y2={latencyPlace(ms) * HEIGHT}
                stroke="var(--color-line)"
              />
            ))}
            {paths.map(({ slot, error, d }) =>
              error ? (
                <path key="error" d={d} fill="none" stroke="var(--color-bad)" strokeWidth="1.4" />
              ) : (
                <path key={String(slot)} className={SLOT} d={d} fill={slotLook(slot).color} />
              ),
            )}
            <MarkLines marks={marksByRequest(run.marks, range)} width={width} height={HEIGHT} />
          </svg>
          <div className="mt-1 flex justify-between">
            <span>Request {first}</span>
            <span>{first + count - 1}</span>
          </div>
        </div>
      </div>
    </figure>
  );
});
