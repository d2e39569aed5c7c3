import { dockerEngine } from '@/lib/engine/docker-engine';
import type { OddList } from '@/lib/swarm/read-list';
import { NO_REFUSALS } from '@/lib/swarm/refusals';
import { NO_ODD_PARTS, type Snapshot } from '@/lib/swarm/snapshot';
import type { TestEngine } from './engines';

/** Options of the view that the tests build. */
export const VIEW_OPTIONS = { hat: ['ctrl', 'zero1'], echoService: 'goweb' };

/** The engine's lists, as the dashboard reads them. Rejects if it cannot read a part of them. */
export async function snapshotOf({ socketPath }: TestEngine): Promise<Snapshot> {
  const api = dockerEngine({ kind: 'unix', socketPath });
  const onOdd = (odd: readonly string[] | OddList) => {
    const parts = 'groups' in odd ? odd.groups : odd;
    if (parts.length === 0 && !('others' in odd && odd.others > 0)) return;
    throw new Error(`the dashboard cannot read ${JSON.stringify(odd)}`);
  };
  const [info, version, nodes, tasks] = await Promise.all([
    api.info(undefined, onOdd),
    api.version(undefined, onOdd),
    api.nodes(undefined, onOdd),
    api.tasks(undefined, onOdd),
  ]);
  // As `EngineReader`: no task is of a later change than its service.
  const services = await api.services(undefined, onOdd);
  const upToDate = await api.upToDateTasks();
  const lists = { nodes, services, tasks, upToDate: new Set(upToDate) };
  return { info, version, ...lists, refused: NO_REFUSALS, odd: NO_ODD_PARTS };
}
