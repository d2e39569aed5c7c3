import type { ServiceView, SwarmView } from '@/lib/swarm/view';
import type { Connection } from '@/lib/client/hooks';

/** What the last announcement was reckoned from. */
export interface AnnouncedState {
  state: Connection['state'];
  /** By service id: what was asked for and whether it was reached. */
  services: ReadonlyMap<string, Pick<ServiceView, 'name' | 'wanted'> & { phase: string }>;
}

/** The part of the page that is worth announcing. */
export function heard({ state }: Connection, view: SwarmView | null): AnnouncedState {
  const services = (view?.services ?? []).map(
    ({ id, name, wanted, convergence }) =>
      [id, { name, wanted, phase: settled(convergence.phase) }] as const,
  );
  return { state, services: new Map(services) };
}

/** `verifying` counts as reached: all tasks run, and docker only waits whether they hold. */
function settled(phase: ServiceView['convergence']['phase']): string {
  return phase === 'verifying' ? 'converged' : phase;
}

/**
 * What to say to somebody who cannot see the page: a service that has reached, left or asked for
 * another number; the picture stale or live again. Empty when nothing of that has changed.
 */
export function announcement(
  before: AnnouncedState,
  now: AnnouncedState,
  problem: Connection['problem'],
): string {
  const said: string[] = [];
  if (now.state === 'stale' && before.state !== 'stale') {
    said.push(`The picture is no longer live. ${problem?.detail ?? ''}`.trim());
  }
  if (now.state === 'live' && before.state === 'stale') said.push('The picture is live again.');
  for (const [id, { name, wanted, phase }] of now.services) {
    const was = before.services.get(id);
    if (!was || (was.wanted === wanted && was.phase === phase)) continue;
    if (phase === 'converged') said.push(`${name}: all ${wanted} tasks run.`);
    else if (phase === 'paused') said.push(`${name}: the update is paused after failures.`);
    else if (was.wanted !== wanted) said.push(`${name}: ${was.wanted} to ${wanted} tasks.`);
    else said.push(`${name}: converging to ${wanted} tasks.`);
  }
  return said.join(' ');
}
