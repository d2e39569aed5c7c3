import type { ServiceSpec } from './types';

/** A service's mode, as the `mode` filter of `/services` names it. */
export type DemoMode = 'replicated' | 'global' | 'replicated-job' | 'global-job';

export function modeOf({ Mode }: Pick<ServiceSpec, 'Mode'>): DemoMode {
  if (Mode.ReplicatedJob) return 'replicated-job';
  if (Mode.GlobalJob) return 'global-job';
  return Mode.Global ? 'global' : 'replicated';
}

/** Whether the service's tasks run to completion instead of indefinitely. */
export function isJob(spec: Pick<ServiceSpec, 'Mode'>): boolean {
  return modeOf(spec).endsWith('-job');
}

/** Whether the service's tasks belong to nodes instead of numbered slots. */
export function isPerNode(spec: Pick<ServiceSpec, 'Mode'>): boolean {
  return modeOf(spec).startsWith('global');
}
