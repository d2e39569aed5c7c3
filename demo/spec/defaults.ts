import type { ServiceSpec, UpdateConfig } from '../types';
import { inContainerOrder } from './fields';

/** Swarm's defaults for a spec without update (or rollback) configuration. */
export const UPDATE_DEFAULTS: UpdateConfig = {
  Parallelism: 1,
  FailureAction: 'pause',
  Monitor: 5_000_000_000,
  MaxFailureRatio: 0,
  Order: 'stop-first',
};

/** The spec with swarm's defaults for what it leaves out (`insertDefaults=true`). */
export function withDefaults(spec: ServiceSpec): ServiceSpec {
  const task = spec.TaskTemplate;
  const grace = { StopGracePeriod: 10_000_000_000, DNSConfig: {} };
  const { ContainerSpec, Resources, RestartPolicy, Placement, ...rest } = task;
  return {
    ...spec,
    TaskTemplate: {
      ContainerSpec: inContainerOrder({ ...grace, ...ContainerSpec }),
      Resources: Resources ?? {},
      RestartPolicy: { Condition: 'any', Delay: 5_000_000_000, MaxAttempts: 0, ...RestartPolicy },
      Placement: Placement ?? {},
      ...rest,
    },
    UpdateConfig: { ...UPDATE_DEFAULTS, ...spec.UpdateConfig },
    RollbackConfig: { ...UPDATE_DEFAULTS, ...spec.RollbackConfig },
    ...(spec.EndpointSpec ? { EndpointSpec: spec.EndpointSpec } : {}),
  };
}
