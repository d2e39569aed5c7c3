import { memo } from 'react';
import type { Run, Share } from '@/lib/curl/run';
import { Meter } from '../../ui/Meter';
import { Scroller } from '../../ui/Scroller';
import { slotLook } from '../../ui/slot';
import { SlotBadge } from '../../ui/SlotBadge';
import { SLOT, slotShape } from './plot';
import { shareRows } from './share-rows';
import { msText, percent } from '../words';

const CELL = 'border-b border-line py-1.5 pr-2 max-xs:pr-1';
const NUMBER = `${CELL} text-right whitespace-nowrap`;

const COLUMNS = [
  ['Replica', CELL],
  ['Node', CELL],
  ['Answers', NUMBER],
  ['Share', `${CELL} pl-3 max-xs:pl-0`],
  ['p50', NUMBER],
  ['p95', NUMBER],
  ['p99', `${NUMBER} max-sm:hidden`],
] as const;

/**
 * Answers by replica. Running tasks without an answer are listed too: they show that a task is broken. Its height is fixed,
 * as rows are added when tasks are replaced.
 */
export const ShareTable = memo(function ShareTable({
  shares,
  nodes,
}: Pick<Run, 'shares'> & {
  /** Names of nodes by id. */
  nodes: ReadonlyMap<string, string>;
}) {
  return (
    <Scroller label="Answers by replica" className="h-66 min-w-0 text-[12.5px] max-xs:text-xs">
      <table aria-label="Answers by replica" className="w-full border-collapse">
        <thead className="sticky top-0 bg-panel text-dim">
          <tr className="text-left [&>th]:font-medium">
            {COLUMNS.map(([head, className]) => (
              <th key={head} scope="col" className={className}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shareRows(shares).map(({ key, share, earlier }) => (
            <ShareRow
              key={key}
              share={share}
              earlier={earlier}
              node={share.nodeId === null ? null : (nodes.get(share.nodeId) ?? null)}
            />
          ))}
          {shares.length === 0 && (
            <tr>
              <td colSpan={COLUMNS.length} className={`${CELL} text-dim`}>
                No running task
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </Scroller>
  );
});

const ShareRow = memo(function ShareRow({
  share,
  node,
  earlier,
}: {
  share: Share;
  node: string | null;
  earlier: boolean;
}) {
  const { taskId, slot, name, answers, p50, p95, p99 } = share;
  const gone = taskId !== null && !share.running;
  const mark = earlier ? 'earlier' : gone ? 'gone' : null;
  const { color } = slotLook(slot);
  return (
    <tr className={answers === 0 || mark ? 'text-dim' : ''}>
      <td className={CELL}>
        <span className="flex items-center gap-1.5">
          <SlotBadge slot={slot} />
          <svg
            aria-hidden
            width="8"
            height="8"
            viewBox="-4 -4 8 8"
            className="shrink-0 max-xs:hidden"
          >
            <path className={SLOT} d={`M0 0${slotShape(slot)}`} fill={color} />
          </svg>
          {/* A global service's names end in a node's id. On phones the badge alone names an ended task. */}
          <span
            className={`max-w-32 truncate max-sm:max-w-18 ${mark ? 'max-sm:sr-only' : ''}`}
            title={name}
          >
            {name}
          </span>
          {/* Its room is kept: the columns do not move when a task ends. */}
          <span className={`text-xs text-faint ${mark ? '' : 'invisible max-sm:hidden'}`}>
            {mark ?? 'gone'}
          </span>
        </span>
      </td>
      <td className={CELL}>{node ?? '–'}</td>
      <td className={NUMBER}>{answers}</td>
      <td className={`${CELL} pl-3 max-xs:pl-0`}>
        <span className="flex items-center gap-2">
          <Meter
            className="w-14 max-xs:hidden xl:max-2xl:hidden [&>i]:transition-none"
            parts={[{ key: 'share', width: share.share, color }]}
          />
          <span className="min-w-8 text-right">{answers === 0 ? '–' : percent(share.share)}</span>
        </span>
      </td>
      <td className={NUMBER}>{msText(p50)}</td>
      <td className={NUMBER}>{msText(p95)}</td>
      <td className={`${NUMBER} max-sm:hidden`}>{msText(p99)}</td>
    </tr>
  );
});
