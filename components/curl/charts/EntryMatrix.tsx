'use client';

import { memo } from 'react';
import type { Entry, Run } from '@/lib/curl/run';
import { Scroller } from '../../ui/Scroller';
import { Term } from '../../ui/Term';
import { SlotBadge } from '../../ui/SlotBadge';
import { slotLook } from '../../ui/slot';
import { msText, percent } from '../words';
import { type ShareRow, shareRows } from './share-rows';

const HEAD = 'px-1.5 py-0.75 text-center font-medium whitespace-nowrap text-dim';
/** Stays in view while the table scrolls sideways. */
const FIRST = 'sticky left-0 bg-panel px-1.5 text-left font-medium whitespace-nowrap';
const VALUE = 'px-2 py-1.25 text-center whitespace-nowrap';
const CELL = `${VALUE} min-w-10.5 rounded-[5px] font-semibold`;

/** Maximum columns; the others are summed up in one. */
const MAX_COLUMNS = 20;

/** Answers by entry node and task: each node balances independently, and a broken mesh shows as missing answers. */
export const EntryMatrix = memo(function EntryMatrix({
  entries,
  shares,
  nodes,
}: Pick<Run, 'entries' | 'shares'> & {
  /** Names of nodes by id. */
  nodes: ReadonlyMap<string, string>;
}) {
  const all = shareRows(shares);
  const columns = all.slice(0, MAX_COLUMNS);
  const more = all.length - columns.length;
  const heads = all.map(({ key, at, share }) => [key, share.taskId, ...at]).join();
  return (
    <figure className="mt-4">
      <figcaption className="mb-2 text-xs text-dim">
        Answers by entry node (rows) and replica (columns). Each entry node balances independently.
        {/* Its room is kept: it comes and goes. */}
        <span
          className={entries.some(({ missing }) => missing.length > 0) ? 'text-bad' : 'invisible'}
        >
          {' '}
          Hatched: no answer since the tasks last changed, although one was expected.
        </span>
      </figcaption>
      <Scroller label="Entry nodes and tasks" className="max-h-96">
        <table
          className="w-full border-separate border-spacing-0.75 text-[12.5px]"
          aria-label="Requests by entry node and replica"
        >
          <thead>
            <tr>
              <th scope="col" className={`${FIRST} text-dim`}>
                Entry node
              </th>
              {columns.map(({ key, share, earlier }) => (
                <th key={key} scope="col" className={HEAD}>
                  <span
                    data-gone={earlier || !share.running || undefined}
                    className="inline-grid justify-items-center gap-px data-gone:opacity-60"
                  >
                    <SlotBadge slot={share.slot} />
                    <span className="max-w-32 truncate max-sm:sr-only" title={share.name}>
                      {share.name}
                    </span>
                    <span className="text-[11px] text-faint">
                      {earlier ? 'earlier' : (nodes.get(share.nodeId ?? '') ?? '–')}
                    </span>
                  </span>
                </th>
              ))}
              {more > 0 && (
                <th scope="col" className={HEAD}>
                  {more} more
                </th>
              )}
              <th scope="col" className={HEAD}>
                Failed
              </th>
              <th scope="col" className={HEAD}>
                <Term id="spread">Largest difference</Term>
              </th>
              <th scope="col" className={HEAD}>
                <Term id="repeats">Repeats</Term>
              </th>
              <th scope="col" className={HEAD}>
                p50
              </th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <Row key={entry.nodeId} entry={entry} columns={columns} more={more} heads={heads} />
            ))}
          </tbody>
        </table>
      </Scroller>
    </figure>
  );
});

const Row = memo(
  function Row({
    entry,
    columns,
    more,
  }: {
    entry: Entry;
    columns: readonly ShareRow[];
    more: number;
    /** Changes with the columns. */
    heads: string;
  }) {
    const { name, url, unreachable, answers, missing, failed, spread, repeats, p50 } = entry;
    const sums = columns.map(({ at }) => sum(at.map((one) => answers[one] ?? 0)));
    const most = Math.max(1, ...sums);
    const rest = sum(answers) - sum(sums);
    return (
      <tr>
        {/* Two lines are as high as the row, so that the second one moves nothing. */}
        <th scope="row" title={url} className={`${FIRST} leading-3.5`}>
          {name}
          {unreachable.length > 0 && (
            <span data-unreachable className="block text-[11px]/3.5 font-normal text-warn">
              not reachable from here
            </span>
          )}
        </th>
        {columns.map(({ key, share }, at) => {
          const own = sums[at] ?? 0;
          const isMissing = share.taskId !== null && missing.includes(share.taskId);
          return (
            <td
              key={key}
              className={`${CELL} ${isMissing ? 'hatch-bad' : 'bg-raise'}`}
              data-missing={isMissing || undefined}
              title={isMissing ? `${name} does not reach ${share.name}` : undefined}
              style={
                own > 0 && !isMissing
                  ? {
                      background: `color-mix(in srgb, ${slotLook(share.slot).color} ${Math.round(18 + 42 * (own / most))}%, var(--color-panel))`,
                    }
                  : undefined
              }
            >
              {own}
            </td>
          );
        })}
        {more > 0 && <td className={VALUE}>{rest}</td>}
        <td className={`${VALUE} ${failed > 0 ? 'font-semibold text-bad' : 'text-dim'}`}>
          {failed}
        </td>
        <td className={VALUE}>{spread ?? '–'}</td>
        <td className={VALUE}>{percent(repeats)}</td>
        <td className={VALUE}>{msText(p50)}</td>
      </tr>
    );
  },
  (a, b) => a.entry === b.entry && a.heads === b.heads,
);

function sum(counts: readonly number[]): number {
  return counts.reduce((all, one) => all + one, 0);
}
