'use client';

import { memo, useMemo } from 'react';
import type { Run, Second } from '@/lib/curl/run';
import { slotLook } from '../../ui/slot';
import { SlotBadge } from '../../ui/SlotBadge';
import { useWidth } from '../../ui/use-width';
import { AsTable } from './AsTable';
import {
  columnsOf,
  fullHeight,
  type AnswerLane,
  lanePaths,
  lanesOf,
  marksInTime,
  MOST_LANES,
  stackedPaths,
} from './bar-layout';
import { MarkLines } from './MarkLines';
import { SLOT } from './plot';

const STACK = 64;
const LANE = 18;
/** A smaller badge than elsewhere: the rows are 18 px high. */
const NAME =
  'flex items-center gap-1.5 whitespace-nowrap data-gone:text-dim [&>[data-badge]]:h-3.75 [&>[data-badge]]:min-w-4.25 [&>[data-badge]]:text-[10px] data-gone:[&>[data-badge]]:opacity-60';
/** Top of the chart, where the marks' flags stand. */
const FLAGS = 8;

/** Who answered in each of the last 60 seconds: stacked, and below it one row per running task. */
export const Bars = memo(function Bars({
  seconds,
  shares,
  request,
  marks,
}: Pick<Run, 'shares' | 'request' | 'marks'> & { seconds: readonly Second[] }) {
  const [ref, width] = useWidth();
  const columns = useMemo(() => columnsOf(seconds, request), [seconds, request]);
  const lanes = useMemo(() => lanesOf(seconds, shares, columns), [seconds, shares, columns]);
  const stacked = useMemo(
    () => stackedPaths(lanes, columns, width, STACK),
    [lanes, columns, width],
  );
  const rows = lanes.length <= MOST_LANES ? lanes : lanes.filter(({ kind }) => kind !== 'task');
  const most = Math.max(1, ...rows.flatMap(({ counts }) => counts));
  const height = STACK + rows.length * LANE + 4;
  const { first, count } = columns;
  return (
    <figure className="mt-4">
      <figcaption className="mb-2 flex flex-wrap justify-between gap-x-3 text-xs text-dim">
        <span>who answered, second by second</span>
        <span>full height {fullHeight(lanes, columns)}/s</span>
      </figcaption>
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5">
        <ul aria-hidden className="text-xs" style={{ paddingTop: FLAGS + STACK + 4 }}>
          {rows.map((lane) => (
            <li
              key={lane.key}
              style={{ height: LANE }}
              title={lane.gone ? `${lane.name}, gone` : lane.name}
              data-gone={lane.gone || undefined}
              className={NAME}
            >
              <LaneName lane={lane} />
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
            <defs>
              <Hatch id="curl-hatch" color="var(--color-bad)" />
              <Hatch id="curl-hatch-skip" color="var(--color-warn)" />
            </defs>
            <g transform={`translate(0 ${FLAGS})`}>
              <line x2="100%" y1={STACK} y2={STACK} stroke="var(--color-line-strong)" />
              {lanes.map((lane, at) => (
                <path key={lane.key} className={SLOT} d={stacked[at]} fill={fillOf(lane)} />
              ))}
              {rows.map((lane, at) => (
                <LaneBars
                  key={lane.key}
                  lane={lane}
                  {...lanePaths(lane, columns, most, width, LANE - 4)}
                  top={STACK + 6 + at * LANE}
                />
              ))}
              <MarkLines marks={marksInTime(marks, columns)} width={width} height={height} />
            </g>
          </svg>
          <div aria-hidden className="mt-1 flex justify-between text-[11px] text-faint">
            <span>{first} s</span>
            <span>{first + count} s</span>
          </div>
        </div>
      </div>
      {lanes.length > rows.length && (
        <p className="text-xs text-faint">
          More than {MOST_LANES} tasks: each has its row in the table.
        </p>
      )}
      <SecondsTable lanes={lanes} first={first} />
    </figure>
  );
});

function LaneName({ lane: { kind, name, slot, gone } }: { lane: AnswerLane }) {
  if (kind === 'task') {
    return (
      <>
        <SlotBadge slot={slot} />
        <span className="inline-block max-w-32.5 truncate max-sm:hidden">
          {name} {gone && 'gone'}
        </span>
      </>
    );
  }
  const tone = kind === 'failed' ? 'text-bad' : kind === 'skipped' ? 'text-warn' : 'text-dim';
  return <span className={tone}>{name}</span>;
}

function LaneBars({
  lane,
  bars,
  zeros,
  top,
}: {
  lane: AnswerLane;
  bars: string;
  zeros: string;
  top: number;
}) {
  return (
    <g transform={`translate(0 ${top})`} opacity={lane.gone ? 0.6 : undefined}>
      <path d={zeros} fill="var(--color-line-strong)" />
      <path className={SLOT} d={bars} fill={fillOf(lane)} />
    </g>
  );
}

function fillOf({ kind, slot }: AnswerLane): string {
  if (kind === 'failed') return 'url(#curl-hatch)';
  if (kind === 'skipped') return 'url(#curl-hatch-skip)';
  return slotLook(slot).color;
}

/** What did not come is hatched, so that it is told without colour. */
function Hatch({ id, color }: { id: string; color: string }) {
  return (
    <pattern
      id={id}
      width="5"
      height="5"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect width="5" height="5" fill={color} opacity="0.25" />
      <rect width="2.4" height="5" fill={color} />
    </pattern>
  );
}

/** The same in numbers, newest first. */
function SecondsTable({ lanes, first }: { lanes: readonly AnswerLane[]; first: number }) {
  const past = lanes[0]?.counts.length ?? 0;
  return (
    <AsTable summary="the seconds as a table" label="Answers per second" className="mt-1">
      {() => (
        <>
          <thead>
            <tr>
              <th scope="col">SECOND</th>
              {lanes.map(({ key, name, gone }) => (
                <th key={key} scope="col">
                  {name}
                  {gone && ' (gone)'}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: past }, (_, at) => past - 1 - at).map((at) => (
              <tr key={first + at}>
                <th scope="row">{first + at}</th>
                {lanes.map(({ key, counts }) => (
                  <td key={key}>{counts[at] ?? 0}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </>
      )}
    </AsTable>
  );
}
