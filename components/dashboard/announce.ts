import type { ServiceView, SwarmView } from '@/lib/swarm/view';
import { counted } from '@/lib/swarm/words';
import type { Connection } from '@/lib/client/hooks';

/** What announcements compare. */
export interface AnnouncedState {
  state: Connection['state'];
  /** By service id: the wanted number of tasks (of a job, completed ones), and whether it is reached. */
  services: ReadonlyMap<
    string,
    Pick<ServiceView, 'name'> & { wanted: number; job: boolean; phase: string }
  >;
}

/** The part of the page's state that is announced. */
export function announcedState({ state }: Connection, view: SwarmView | null): AnnouncedState {
  const services = (view?.services ?? []).map(
    ({ id, name, job, wanted, convergence: { total, phase } }) =>
      [
        id,
        { name, job: job !== null, wanted: (job ? total : wanted) ?? 0, phase: settled(phase) },
      ] as const,
  );
  return { state, services: new Map(services) };
}

/** `verifying` counts as reached: all tasks run, and only the monitor window is still open. */
function settled(phase: ServiceView['convergence']['phase']): string {
  return phase === 'verifying' ? 'converged' : phase;
}

/**
 * The text for screen readers after a change: a service that reached, left or was given another
 * number of tasks; a page that went stale or live. Empty without such a change.
 */
export function announcement(
  before: AnnouncedState,
  now: AnnouncedState,
  problem: Connection['problem'],
): string {
  const sentences: string[] = [];
  if (now.state === 'stale' && before.state !== 'stale') {
    sentences.push(`The page is no longer live. ${problem?.detail ?? ''}`.trim());
  }
  if (now.state === 'live' && before.state === 'stale') sentences.push('The page is live again.');
  for (const [id, { name, job, wanted, phase }] of now.services) {
    const was = before.services.get(id);
    // While a list is refused its entities are unknown; when it returns, nothing has changed in the swarm.
    if (!was || was.phase === 'unknown' || phase === 'unknown') continue;
    if (was.wanted === wanted && was.phase === phase) continue;
    if (phase === 'converged')
      sentences.push(`${name}: ${counted(wanted, 'task', 'are')} ${job ? 'complete' : 'running'}.`);
    else if (phase === 'paused') sentences.push(`${name}: the update is paused after failures.`);
    else if (was.wanted !== wanted)
      sentences.push(`${name}: ${was.wanted} to ${counted(wanted, 'task')}.`);
    else sentences.push(`${name}: converging to ${counted(wanted, 'task')}.`);
  }
  return sentences.join(' ');
}
