'use client';

import { useMemo } from 'react';
import type { RunRollout, Run, Second } from '@/lib/curl/run';
import { counted } from '@/lib/swarm/words';
import { Help } from '../../ui/Help';
import { Meter } from '../../ui/Meter';
import { Prose } from '../../ui/Prose';
import { Scroller } from '../../ui/Scroller';
import { useWidth } from '../../ui/use-width';
import { marksByTime, secondsRange, stackedPaths } from '../charts/bar-layout';
import { MarkLines } from '../charts/MarkLines';
import { msText, percent } from '../words';
import { secondsByVersion, versionRows, type VersionRow } from './version-rows';

const STACK = 28;
/** Space at the top for the numbers of marks. */
const FLAGS = 8;
const CELL = 'border-b border-line py-1 pr-2';
const NUMBER = `${CELL} text-right whitespace-nowrap`;

/** A run's answers by version of the service, and what each update or rollback cost. */
export function Versions({ run, seconds }: { run: Run; seconds: readonly Second[] }) {
  const rows = versionRows(run.versions);
  return (
    // On wide pages as high as the changes beside it, whatever it holds.
    <div className="mt-4 min-w-0 min-[60rem]:relative">
      <Scroller
        label="Versions of the service"
        className="text-[13px] min-[60rem]:absolute min-[60rem]:inset-0"
      >
        <h4 className="mb-2 text-xs text-dim">Versions</h4>
        <VersionBars run={run} rows={rows} seconds={seconds} />
        <VersionTable rows={rows} />
        <ol className="mt-2 grid gap-2">
          {run.rollouts.toReversed().map((rollout) => (
            <RolloutNote key={rollout.at} rollout={rollout} />
          ))}
        </ol>
      </Scroller>
    </div>
  );
}

function VersionTable({ rows }: { rows: readonly VersionRow[] }) {
  return (
    <table aria-label="Answers by version" className="w-full border-collapse text-[12.5px]">
      <thead className="text-dim">
        <tr className="text-left [&>th]:font-medium">
          <th scope="col" className={CELL}>
            Version
          </th>
          <th scope="col" className={`${NUMBER} max-sm:hidden`}>
            Running
          </th>
          <th scope="col" className={NUMBER}>
            Answers
          </th>
          <th scope="col" className={`${NUMBER} max-2xl:hidden`}>
            p50
          </th>
          <th scope="col" className={NUMBER}>
            p95
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr
            key={row.number}
            data-version={row.number}
            className={row.version.current ? '' : 'text-dim'}
          >
            <td className={CELL}>
              <VersionName row={row} />
            </td>
            <td className={`${NUMBER} max-sm:hidden`}>{row.version.running}</td>
            <td className={NUMBER}>
              <span className="flex items-center justify-end gap-2">
                {row.version.answers}
                <Meter
                  className="w-12 max-sm:hidden min-[60rem]:max-xl:hidden"
                  parts={[{ key: 'share', width: row.version.share, color: row.color }]}
                />
                <span className="min-w-8">{percent(row.version.share)}</span>
              </span>
            </td>
            <td className={`${NUMBER} max-2xl:hidden`}>{msText(row.version.p50)}</td>
            <td className={NUMBER}>{msText(row.version.p95)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function VersionName({ row: { version, number, name, color } }: { row: VersionRow }) {
  return (
    <span className="flex gap-1.5">
      <span
        aria-hidden
        className="mt-0.5 h-4 min-w-4 flex-none rounded px-1 text-center text-[10px] leading-4 font-bold text-panel"
        style={{ background: color }}
      >
        {number}
      </span>
      <span className="min-w-0 wrap-anywhere">
        {name} {version.current && <span className="text-xs text-dim">(now)</span>}
        {version.failed > 0 && (
          <span className="text-xs whitespace-nowrap text-bad">
            {counted(version.failed, 'task')} failed
          </span>
        )}
      </span>
    </span>
  );
}

/** Answers per second, stacked by version; the table below has the numbers. */
function VersionBars({
  run,
  rows,
  seconds,
}: {
  run: Run;
  rows: readonly VersionRow[];
  seconds: readonly Second[];
}) {
  const [ref, width] = useWidth();
  const { request, shares, versions, marks } = run;
  const columns = useMemo(() => secondsRange(seconds, request), [seconds, request]);
  const paths = useMemo(() => {
    const counts = secondsByVersion(seconds, shares, versions, columns);
    const lanes = counts.map((lane, at) => ({ ...LANE, key: String(at), counts: lane }));
    return stackedPaths(lanes, columns, width, STACK);
  }, [seconds, shares, versions, columns, width]);
  return (
    <div ref={ref} className="mb-1 min-w-0">
      <svg
        role="img"
        aria-label={`Answers per second of the last ${columns.count} seconds by version; the table below has the totals.`}
        width="100%"
        height={STACK + FLAGS}
        className="block overflow-visible"
      >
        <g transform={`translate(0 ${FLAGS})`}>
          <line x2="100%" y1={STACK} y2={STACK} stroke="var(--color-line-strong)" />
          {paths.map((path, at) => (
            // The last are failed requests; the pattern is that of the chart above.
            // oxlint-disable-next-line react/no-array-index-key
            <path key={at} d={path} fill={rows[at]?.color ?? 'url(#curl-hatch)'} />
          ))}
          <MarkLines marks={marksByTime(marks, columns)} width={width} height={STACK} />
        </g>
      </svg>
    </div>
  );
}

const LANE = { kind: 'task', name: '', slot: null, seat: '', gone: false } as const;

/** What became of one update or rollback. */
function RolloutNote({ rollout: { state, summary, failure } }: { rollout: RunRollout }) {
  const tone = failure ? 'border-bad' : 'border-line';
  return (
    <li
      data-rollout={state}
      className={`rounded-lg border bg-well px-3 py-2 wrap-anywhere ${tone}`}
    >
      {summary} {failure && <Help id="update-failed" about="the update" />}
      {failure?.hint && (
        <p className="mt-1 text-dim">
          <Prose text={failure.hint} />
        </p>
      )}
    </li>
  );
}
