'use client';

import { memo } from 'react';
import type { Entry, Run, Share } from '@/lib/curl/run';
import { Scroller } from '../../ui/Scroller';
import { Term } from '../../ui/Term';
import { SlotBadge } from '../../ui/SlotBadge';
import { slotLook } from '../../ui/slot';
import { msText, percent } from '../words';

const HEAD = 'px-1.5 py-0.75 text-center font-medium whitespace-nowrap text-dim';
/** Stays in view while the table scrolls sideways. */
const FIRST = 'sticky left-0 bg-panel px-1.5 py-0.75 text-left font-medium whitespace-nowrap';
const VALUE = 'px-2 py-1.25 text-center whitespace-nowrap';
const CELL = `${VALUE} min-w-10.5 rounded-[5px] font-semibold`;

/** Maximum columns of single tasks; the others are summed up in one. */
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
  const columns = shares.slice(0, MAX_COLUMNS);
  const more = shares.length - columns.length;
  return (
    <figure className="mt-4">
      <figcaption className="mb-2 text-xs text-dim">
        Answers by entry node (rows) and replica (columns). Each entry node balances independently.
        {entries.some(({ missing }) => missing.length > 0) && (
          <span className="text-bad">
            {' '}
            Hatched: no answer since the tasks last changed, although one was expected.
          </span>
        )}
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
              {columns.map((share) => (
                <th key={share.taskId ?? share.name} scope="col" className={HEAD}>
                  <span
                    data-gone={!share.running || undefined}
                    className="inline-grid justify-items-center gap-px data-gone:opacity-60"
                  >
                    <SlotBadge slot={share.slot} />
                    <span className="max-sm:sr-only">{share.name}</span>
                    <span className="text-[11px] text-faint">
                      {share.nodeId === null ? '–' : (nodes.get(share.nodeId) ?? '–')}
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
              <Row key={entry.nodeId} entry={entry} shares={columns} more={more} />
            ))}
          </tbody>
        </table>
      </Scroller>
    </figure>
  );
});

const Row = memo(
  function Row({ entry, shares, more }: { entry: Entry; shares: readonly Share[]; more: number }) {
    const { name, url, unreachable, answers, missing, failed, spread, repeats, p50 } = entry;
    const most = Math.max(1, ...answers);
    const rest = answers.slice(shares.length).reduce((sum, one) => sum + one, 0);
    return (
      <tr>
        <th scope="row" title={url} className={FIRST}>
          {name}
          {unreachable.length > 0 && (
            <span data-unreachable className="block text-[11px] font-normal text-warn">
              not reachable from here
            </span>
          )}
        </th>
        {shares.map((share, at) => {
          const own = answers[at] ?? 0;
          const isMissing = share.taskId !== null && missing.includes(share.taskId);
          return (
            <td
              key={share.taskId ?? share.name}
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
  (a, b) => a.entry === b.entry && a.more === b.more && sameColumns(a.shares, b.shares),
);

function sameColumns(a: readonly Share[], b: readonly Share[]): boolean {
  return (
    a.length === b.length &&
    a.every((share, at) => share.taskId === b[at]?.taskId && share.running === b[at].running)
  );
}
