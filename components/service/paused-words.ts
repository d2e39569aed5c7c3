import type { ServiceView } from '@/lib/swarm/view';

/** `Update paused`, of a service whose update or rollback swarm has paused; else null. */
export function pausedWords({ update }: Pick<ServiceView, 'update'>): string | null {
  if (update?.note?.tone !== 'bad') return null;
  return update.state === 'paused' ? 'Update paused' : 'Rollback paused';
}
