import type { EngineNode, EngineService, EngineTask } from './engine-json';
import type { Refusals } from './refusals';
import type { Snapshot } from './snapshot';
import { mayRun } from './task-state';
import type { ServiceView, TaskView } from './view';

/** What is known about nodes, services and tasks whose list a proxy refuses. */

/** Adds the nodes and services that are known only from tasks and `/info`, where their list is refused. */
export function withUnlisted(snapshot: Snapshot): Snapshot {
  const { reads } = snapshot.refused;
  if (!reads.has('NODES') && !reads.has('SERVICES')) return snapshot;
  return {
    ...snapshot,
    nodes: reads.has('NODES') ? unlistedNodes(snapshot) : snapshot.nodes,
    services: reads.has('SERVICES') ? unlistedServices(snapshot.tasks) : snapshot.services,
  };
}

/** A node for each that has a task, and the engine's own. */
function unlistedNodes({ tasks, info }: Snapshot): EngineNode[] {
  const own = info?.Swarm.NodeID ?? '';
  const ids = new Set([own, ...tasks.map(({ NodeID }) => NodeID ?? '')]);
  ids.delete('');
  return [...ids].sort().map((ID) => ({
    ID,
    Version: { Index: 0 },
    CreatedAt: 0,
    UpdatedAt: 0,
    Spec: { Labels: {}, Role: ID === own ? 'manager' : 'worker', Availability: 'unknown' },
    ...(ID === own && { Description: { Hostname: info?.Name ?? '' } }),
    Status: { State: 'unknown', Message: '', Addr: '' },
  }));
}

/** A service for each that has a task, with the newest task's template. */
function unlistedServices(tasks: readonly EngineTask[]): EngineService[] {
  const newest = new Map<string, EngineTask>();
  for (const task of tasks) {
    const known = newest.get(task.ServiceID);
    if (task.ServiceID && (!known || known.CreatedAt < task.CreatedAt)) {
      newest.set(task.ServiceID, task);
    }
  }
  return [...newest.values()].map((task) => ({
    ID: task.ServiceID,
    Version: { Index: 0 },
    CreatedAt: 0,
    UpdatedAt: 0,
    Spec: {
      Name: task.ServiceID.slice(0, 12),
      Labels: {},
      TaskTemplate: task.Spec,
      Mode: modeOf(task),
    },
    ...(task.JobIteration && { JobStatus: { JobIteration: task.JobIteration } }),
  }));
}

/** Only the tasks of replicated services have slots, from 1; those of jobs have an iteration. */
function modeOf({ Slot, JobIteration }: EngineTask): EngineService['Spec']['Mode'] {
  if (JobIteration) return Slot ? { ReplicatedJob: {} } : { GlobalJob: {} };
  return Slot ? { Replicated: { Replicas: 0 } } : { Global: {} };
}

/** A service without the numbers that depend on a refused list. */
export function asFarAsKnown(
  service: ServiceView,
  tasks: readonly TaskView[],
  { reads }: Refusals,
): ServiceView {
  const listed = !reads.has('SERVICES');
  const platformLimit = reads.has('NODES') ? null : service.platformLimit;
  if (listed && !reads.has('TASKS')) return { ...service, platformLimit };
  const phrase = listed ? 'The tasks are unknown.' : 'Only the tasks of the service are known.';
  const unknown: ServiceView = {
    ...service,
    platformLimit,
    job: null,
    convergence: { running: null, total: null, phase: 'unknown', phrase, verify: null },
  };
  if (listed) {
    return { ...unknown, running: null, wanted: service.mode === 'global' ? null : service.wanted };
  }
  return {
    ...unknown,
    listed,
    replicas: null,
    // Swarm makes a task for each replica at once.
    wanted: new Set(tasks.flatMap((one) => (mayRun(one.desired) ? [one.slot ?? one.nodeId] : [])))
      .size,
  };
}
