import type { Share } from '@/lib/curl/run';
import { groupBy } from '@/lib/swarm/group-by';

/**
 * The order of the rows: slots ascending, each with its running task or, until there is a new one, the last that ran; then
 * the other ended tasks. So a slot keeps its row while its tasks fail and are replaced.
 */
export function shareRows(shares: readonly Share[]): Share[] {
  const bySlot = groupBy(shares, ({ slot, taskId }) => (slot === null ? taskId : slot));
  const first = [...bySlot.values()].flatMap((own) => {
    const running = own.filter((share) => share.running);
    return running.length > 0 ? running : own.slice(-1);
  });
  const place = ({ slot }: Share) => slot ?? Infinity;
  const rest = shares.filter((share) => !first.includes(share));
  return [
    ...first.toSorted((a, b) => (place(a) < place(b) ? -1 : Number(place(a) > place(b)))),
    ...rest,
  ];
}
