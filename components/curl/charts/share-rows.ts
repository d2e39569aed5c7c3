import type { Share } from '@/lib/curl/run';
import { groupBy } from '@/lib/swarm/group-by';
import { naturalOrder } from '@/lib/swarm/natural';

/** One row: a seat's newest task, its other tasks together, or a container without a task. */
export interface ShareRow {
  /** Of the seat, not of its task: the row stays when the task is replaced. */
  readonly key: string;
  /** Of several tasks it has no `taskId`, and no percentiles if more than one answered: they cannot be added up. */
  readonly share: Share;
  /** The tasks of a seat before its newest one. */
  readonly earlier: boolean;
  /** Places in the run's `shares`. */
  readonly at: readonly number[];
}

/** Returns what a task's replacement takes over: the slot, or the node of a global service's task. */
export function seatOf({
  slot,
  nodeId,
  taskId,
  name,
}: Pick<Share, 'slot' | 'nodeId' | 'taskId' | 'name'>): string {
  return `${slot ?? nodeId ?? taskId ?? `? ${name}`}`;
}

/**
 * Returns the rows of a run's shares: one per seat, with the newest of its running tasks or, while none runs, the last that
 * ran; then containers without a task, and one row per seat for its other tasks. During a run no row is removed, and a seat
 * has at most two, however often its task is replaced.
 */
export function shareRows(shares: readonly Share[]): ShareRow[] {
  const placed = shares.map((share, at) => ({ share, at }));
  const seats = groupBy(placed, ({ share }) => seatOf(share));
  const rows: ShareRow[] = [];
  const unknown: ShareRow[] = [];
  const rest: ShareRow[] = [];
  const add = (to: ShareRow[], key: string, own: typeof placed, earlier = false) => {
    const share = own.map((one) => one.share).reduce(addUp);
    to.push({ key, share, earlier, at: own.map(({ at }) => at) });
  };
  for (const [seat, own] of [...seats].toSorted(([a], [b]) => naturalOrder(a, b))) {
    const newest = own.findLast(({ share }) => share.running) ?? own.at(-1);
    const others = own.filter((one) => one !== newest);
    if (newest) add(newest.share.taskId === null ? unknown : rows, seat, [newest]);
    if (others[0]) add(rest, `${seat} earlier`, others, true);
  }
  return [...rows, ...unknown, ...rest];
}

function addUp(a: Share, b: Share): Share {
  return {
    ...(b.answers > 0 ? b : a),
    ...(a.answers > 0 && b.answers > 0 && { p50: null, p95: null, p99: null }),
    taskId: null,
    nodeId: a.nodeId === b.nodeId ? a.nodeId : null,
    answers: a.answers + b.answers,
    share: a.share + b.share,
  };
}
