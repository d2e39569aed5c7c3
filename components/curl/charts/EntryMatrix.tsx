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

/** Maximum columns of replicas; the others are added up in one. */
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
  const columns = all.filter(({ earlier }) => !earlier);
  const more = columns.length - MAX_COLUMNS;
  columns.length = Math.min(columns.length, MAX_COLUMNS);
  const rest = more > 0 ? `${more} more` : all.length > columns.length ? 'Earlier' : '';
  const heads = [rest, ...columns.map(({ share, at }) => [share.taskId, at])].join();
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
              {columns.map(({ key, share }) => (
                <th key={key} scope="col" className={HEAD}>
                  <span
                    data-gone={!share.running || undefined}
                    className="inline-grid justify-items-center gap-px data-gone:opacity-60"
                  >
                    <SlotBadge slot={share.slot} />
                    <span className="max-w-32 truncate max-sm:sr-only" title={share.name}>
                      {share.name}
                    </span>
                    <span className="text-[11px] text-faint">
                      {nodes.get(share.nodeId ?? '') ?? '–'}
                    </span>
                  </span>
                </th>
              ))}
              {/* Of all slots in one column, so that at most one is added during a run. */}
              {rest && (
                <th scope="col" className={HEAD}>
                  {rest}
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
              <Row key={entry.nodeId} entry={entry} columns={columns} rest={rest} heads={heads} />
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
    rest,
  }: {
    entry: Entry;
    columns: readonly ShareRow[];
    rest: string;
    /** Changes with the columns. */
    heads: string;
  }) {
    const { name, url, unreachable, answers, missing, failed, spread, repeats, p50 } = entry;
    const counts = columns.map(({ at: [at = 0] }) => answers[at] ?? 0);
    const most = Math.max(1, ...counts);
    // Up to 40 % of a slot's colour: with more, numbers would have less contrast than 4.5 in the dark theme.
    const shade = (own: number) => Math.round(12 + 28 * (own / most));
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
          const own = counts[at] ?? 0;
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
                      background: `color-mix(in srgb, ${slotLook(share.slot).color} ${shade(own)}%, var(--color-panel))`,
                    }
                  : undefined
              }
            >
              {own}
            </td>
          );
        })}
        {rest && <td className={VALUE}>{sum(answers) - sum(counts)}</td>}
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
