import { isRecord, partOf, type RawSpec } from './raw-spec';

const ROLLOUT = {
  Parallelism: 1,
  FailureAction: 'pause',
  Monitor: 5_000_000_000,
  MaxFailureRatio: 0,
  Order: 'stop-first',
};

/**
 * The spec with swarm's defaults for what it leaves out, as the engine returns it with `insertDefaults=true` (swarmkit
 * api/defaults/service.go). Only to be shown: written back it would replace every task.
 */
export function withDefaults(spec: RawSpec): RawSpec {
  const task = partOf(spec, 'TaskTemplate');
  return {
    ...spec,
    TaskTemplate: {
      ...task,
      ContainerSpec: {
        StopGracePeriod: 10_000_000_000,
        DNSConfig: {},
        ...partOf(task, 'ContainerSpec'),
      },
      Resources: partOf(task, 'Resources'),
      RestartPolicy: {
        Condition: 'any',
        Delay: 5_000_000_000,
        MaxAttempts: 0,
        ...partOf(task, 'RestartPolicy'),
      },
      Placement: partOf(task, 'Placement'),
    },
    UpdateConfig: { ...ROLLOUT, ...(isRecord(spec['UpdateConfig']) ? spec['UpdateConfig'] : {}) },
    RollbackConfig: {
      ...ROLLOUT,
      ...(isRecord(spec['RollbackConfig']) ? spec['RollbackConfig'] : {}),
    },
  };
}
