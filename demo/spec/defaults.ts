import type { ServiceSpec } from '../types';
import { inContainerOrder } from './fields';

/** The spec with swarm's defaults for what it leaves out (`insertDefaults=true`). */
export function withDefaults(spec: ServiceSpec): ServiceSpec {
  const update = {
    Parallelism: 1,
    FailureAction: 'pause',
    Monitor: 5_000_000_000,
    MaxFailureRatio: 0,
    Order: 'stop-first',
  } as const;
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
    UpdateConfig: { ...update, ...spec.UpdateConfig },
    RollbackConfig: { ...update, ...spec.RollbackConfig },
    ...(spec.EndpointSpec ? { EndpointSpec: spec.EndpointSpec } : {}),
  };
}
