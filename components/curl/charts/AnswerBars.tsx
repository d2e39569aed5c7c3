'use client';

import { memo, useMemo } from 'react';
import type { Run, Second } from '@/lib/curl/run';
import { counted } from '@/lib/swarm/words';
import { useWidth } from '../../ui/use-width';
import {
  lanePaths,
  lanesOf,
  marksByTime,
  MAX_LANES,
  maxPerSecond,
  rowsOf,
  secondsRange,
  stackedPaths,
} from './bar-layout';
import { fillOf, HatchPatterns, LaneBars, LaneName } from './BarLane';
import { MarkLines } from './MarkLines';
import { SLOT } from './plot';
import { SecondsTable } from './SecondsTable';

const STACK = 64;
const LANE = 18;
/** A smaller badge than elsewhere: the rows are 18 px high. */
const NAME =
  'flex items-center gap-1.5 whitespace-nowrap data-gone:text-dim [&>[data-badge]]:h-3.75 [&>[data-badge]]:min-w-4.25 [&>[data-badge]]:text-[10px] data-gone:[&>[data-badge]]:opacity-60';
/** Space at the top for the numbers of marks. */
const FLAGS = 8;

/** Answers in each of the last 60 seconds by task: stacked, and below them one row per slot. */
export const AnswerBars = memo(function AnswerBars({
  seconds,
  shares,
  request,
  marks,
}: Pick<Run, 'shares' | 'request' | 'marks'> & { seconds: readonly Second[] }) {
  const [ref, width] = useWidth();
  const columns = useMemo(() => secondsRange(seconds, request), [seconds, request]);
  const lanes = useMemo(() => lanesOf(seconds, shares, columns), [seconds, shares, columns]);
  const stacked = useMemo(
    () => stackedPaths(lanes, columns, width, STACK),
    [lanes, columns, width],
  );
  const { rows, space, hasAll } = rowsOf(lanes, columns);
  const most = Math.max(1, ...rows.flatMap((row) => row.lanes.flatMap(({ counts }) => counts)));
  const height = STACK + space * LANE + 4;
  const { first, count } = columns;
  return (
    <figure className="mt-4">
      <figcaption className="mb-2 flex flex-wrap justify-between gap-x-3 text-xs text-dim">
        <span>Answers per second</span>
        <span>Scale: {counted(maxPerSecond(lanes, columns), 'request')}/s</span>
      </figcaption>
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5">
        <ul aria-hidden className="text-xs" style={{ paddingTop: FLAGS + STACK + 4 }}>
          {rows.map(({ key, label }) => (
            <li
              key={key}
              style={{ height: LANE }}
              title={label.gone ? `${label.name}, gone` : label.name}
              data-gone={label.gone || undefined}
              className={NAME}
            >
              <LaneName lane={label} />
            </li>
          ))}
        </ul>
        <div ref={ref} className="min-w-0">
          <svg
            role="img"
            aria-label={`Answers per second of the last ${count} seconds by replica; the table below has the numbers.`}
            width="100%"
            height={height + FLAGS}
            className="block overflow-visible"
          >
            <HatchPatterns />
            <g transform={`translate(0 ${FLAGS})`}>
              <line x2="100%" y1={STACK} y2={STACK} stroke="var(--color-line-strong)" />
              {lanes.map((lane, at) => (
                <path key={lane.key} className={SLOT} d={stacked[at]} fill={fillOf(lane)} />
              ))}
              {rows.map((row, at) =>
                row.lanes.map((lane) => (
                  <LaneBars
                    key={lane.key}
                    lane={lane}
                    {...lanePaths(lane, columns, most, width, LANE - 4)}
                    top={STACK + 6 + at * LANE}
                  />
                )),
              )}
              <MarkLines marks={marksByTime(marks, columns)} width={width} height={height} />
            </g>
          </svg>
          <div aria-hidden className="mt-1 flex justify-between text-[11px] text-faint">
            <span>{first} s</span>
            <span>{first + count} s</span>
          </div>
        </div>
      </div>
      {!hasAll && (
        <p className="text-xs text-faint">
          The first {MAX_LANES} tasks have rows; the table has all of them.
        </p>
      )}
      <SecondsTable lanes={lanes} first={first} />
    </figure>
  );
});
