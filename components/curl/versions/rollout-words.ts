import type { Run } from '@/lib/curl/run';
import { counted } from '@/lib/swarm/words';

/** What a run's row of the history has of its versions: `carmeloc/goweb:1.1 rolled back`. */
export function rolloutWords({ versions, rollouts }: Pick<Run, 'versions' | 'rollouts'>): string {
  const [only, ...more] = rollouts;
  if (!only || more.length > 0) return counted(versions.length, 'version');
  const image = versions[only.to]?.image;
  const isNew = image !== versions[only.from]?.image;
  const state = only.state === 'updating' ? 'unfinished' : only.state;
  return `${only.kind}${isNew && image ? ` to ${image}` : ''}: ${state}`;
}
