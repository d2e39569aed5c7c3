'use client';

import useSWR from 'swr';
import type { ComparisonLine } from '@/lib/curl/compare';
import type { Run } from '@/lib/curl/run';
import { clockTime } from '@/lib/swarm/duration';
import { Meter } from '../../ui/Meter';
import { SlotBadge } from '../../ui/SlotBadge';
import { slotLook } from '../../ui/slot';
import { Skeleton } from '../../ui/Skeleton';
import { changeText, EVIDENCE_WORDS, fetchComparison, pointsText, valueText } from './comparison';
import { percent } from '../words';

const CELL = 'border-b border-line py-1.5 pr-3 text-left align-top font-normal';
const TONES = { better: 'text-ok', worse: 'text-bad' } as const;

/** Two runs side by side, the earlier one first, and their differences: which are real, and which within noise. */
export function RunComparison({ before, after }: { before: Run; after: Run }) {
  const key = `curl/comparison ${before.id} ${after.id} ${before.state} ${after.state}`;
  const { data: compared } = useSWR(key, () => fetchComparison(before.id, after.id));
  if (!compared) return <Skeleton className="mt-4 h-96" />;
  if (!compared.ok) {
    return (
      <p role="alert" className="mt-4 text-bad">
        {compared.problem.detail} <span className="text-dim">{compared.problem.next}</span>
      </p>
    );
  }
  const { lines, shares } = compared.data;
  return (
    <section aria-label="Comparison" className="scrolls mt-4">
      <table className="w-full border-collapse text-[13px]">
        <caption className="mb-2 text-left text-xs text-dim">Comparison</caption>
        <thead className="text-dim">
          <tr>
            <th scope="col" className={CELL}>
              <span className="sr-only">Value</span>
            </th>
            <th scope="col" className={`${CELL} w-2/5`}>
              Before, {clockTime(before.startedAt)}
            </th>
            <th scope="col" className={`${CELL} w-2/5`}>
              After, {clockTime(after.startedAt)}
            </th>
            <th scope="col" className={CELL}>
              Change
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => {
            const change = changeText(line);
            return (
              <tr
                key={line.name}
                // Too narrow on a phone; the list above has both verdicts.
                className={`${change === '' ? 'text-dim' : ''} ${line.name === 'verdict' ? 'max-sm:hidden' : ''}`}
              >
                <th scope="row" className={`${CELL} text-dim`}>
                  {line.name}
                </th>
                <td className={CELL}>{valueText(line.a, line.unit)}</td>
                <td className={CELL}>{valueText(line.b, line.unit)}</td>
                <td className={CELL} data-evidence={change ? line.evidence : null}>
                  <span className={`whitespace-nowrap ${line.verdict ? TONES[line.verdict] : ''}`}>
                    {change}
                  </span>
                  {change && <Evidence {...line} />}
                </td>
              </tr>
            );
          })}
          {shares.map((pair) => (
            <tr key={pair.name}>
              <th scope="row" className={CELL}>
                <span className="flex items-center gap-1.5">
                  <SlotBadge slot={pair.slot} />
                  <span className="max-sm:sr-only">{pair.name}</span>
                </span>
              </th>
              <ShareCell share={pair.before} slot={pair.slot} />
              <ShareCell share={pair.after} slot={pair.slot} />
              <td className={CELL} data-evidence={pair.evidence}>
                <span className="whitespace-nowrap">{pointsText(pair)}</span>
                {pointsText(pair) && <Evidence evidence={pair.evidence} verdict={null} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-2 text-xs text-dim">
        Within noise: chance alone gives such a difference in at least 1 of 100 comparisons
        (Fisher’s exact test; latencies: Mood’s median test).
      </p>
    </section>
  );
}

function ShareCell({ share, slot }: { share: number | null; slot: number | null }) {
  return (
    <td className={CELL}>
      <span className="flex items-center gap-2">
        <span className="min-w-9 text-right">{share === null ? '–' : percent(share)}</span>
        <Meter
          className="max-w-40 flex-1"
          parts={[{ key: 'share', width: share ?? 0, color: slotLook(slot).color }]}
        />
      </span>
    </td>
  );
}

/** Better or worse, or why a difference is neither. */
function Evidence({ evidence, verdict }: Pick<ComparisonLine, 'evidence' | 'verdict'>) {
  const words = verdict ?? (evidence && EVIDENCE_WORDS[evidence]);
  return words && <span className="block text-xs text-dim sm:whitespace-nowrap">{words}</span>;
}
