import { isDeepStrictEqual } from 'node:util';
import { mayRun } from '@/lib/swarm/task-phase';
import { stateRank } from '@/lib/swarm/task-state';
import { nodeMatches } from '../constraints';
import { isJob } from '../mode';
import type { ServiceRecord, Store, TaskDraft, TaskRecord } from '../store';
import type { Node, RestartPolicy, State } from '../types';

/** Swarm's defaults for a service that says nothing. Milliseconds. */
export const RESTART_DELAY_MS = 5000;
/** Default monitor window of updates and rollbacks, milliseconds. */
export const MONITOR_MS = 5000;

/** Nanoseconds, as in specs, to milliseconds. */
export const fromNanos = (nanos: number) => nanos / 1e6;

/** The tasks of one slot (or, for a global service, of one node). */
export type Slot = TaskRecord[];

/** Whether the task is meant to run, now or later. */
export function isWanted(task: TaskRecord): boolean {
  return mayRun(task.api.DesiredState);
}

/** Whether the task belongs to the job's current iteration. */
export function isOfIteration(service: ServiceRecord, task: TaskRecord): boolean {
  return task.api.JobIteration?.Index === service.api.JobStatus?.JobIteration.Index;
}

/** It ended, well or badly. */
export function hasEnded(task: TaskRecord): boolean {
  return stateRank(task.api.Status.State) > stateRank('running');
}

/** A node that is gone, down or drained: no task may stay there. */
export function isInvalid(node: Node | undefined): boolean {
  return !node || node.Status.State === 'down' || node.Spec.Availability === 'drain';
}

export function restartCondition(policy: RestartPolicy | undefined) {
  return policy?.Condition ?? 'any';
}

/** Makes a task from the service's present spec. `ahead` may put it further than new. */
export function newTask(
  store: Store,
  service: ServiceRecord,
  place: { slot: number } | { nodeId: string },
  desired: State = 'running',
  ahead: (record: TaskDraft) => void = () => {},
): TaskRecord {
  const { Spec, ID } = service.api;
  const draft: TaskDraft = {
    serviceName: Spec.Name,
    specVersion: service.specVersion,
    endpointSpec: Spec.EndpointSpec,
    api: {
      ID: store.random.id(),
      Version: { Index: 0 },
      CreatedAt: '',
      UpdatedAt: '',
      Labels: {},
      Spec: Spec.TaskTemplate,
      ServiceID: ID,
      // A job's slots start at 0, which Go's `omitempty` leaves out.
      ...('nodeId' in place
        ? { NodeID: place.nodeId }
        : place.slot > 0
          ? { Slot: place.slot }
          : {}),
      Status: { Timestamp: store.stamp(), State: 'new', Message: 'created', PortStatus: {} },
      DesiredState: desired,
      ...(isJob(Spec) ? { JobIteration: service.api.JobStatus?.JobIteration ?? {} } : {}),
    },
  };
  ahead(draft);
  return store.createTask(draft);
}

/**
 * Whether a task must be replaced to follow its service: another task template or endpoint. New
 * constraints alone do not dirty a task whose node satisfies them.
 */
export function isDirty(store: Store, service: ServiceRecord, task: TaskRecord): boolean {
  if (task.specVersion === service.specVersion) return false;
  const wanted = service.api.Spec.TaskTemplate;
  const actual = task.api.Spec;
  if (!isDeepStrictEqual(wanted.Placement, actual.Placement)) {
    const onlyPlacement = isDeepStrictEqual(
      { ...wanted, Placement: null },
      { ...actual, Placement: null },
    );
    const node = store.nodes.get(task.api.NodeID ?? '');
    if (onlyPlacement && node && nodeMatches(wanted.Placement?.Constraints, node.api)) return false;
  }
  return (
    !isDeepStrictEqual(wanted, actual) ||
    !isDeepStrictEqual(service.api.Spec.EndpointSpec, task.endpointSpec)
  );
}

/** Wishes every task of a removed service away. */
export function removeTasksOf(store: Store, serviceId: string): void {
  for (const task of store.tasksOfService(serviceId)) store.setDesired(task, 'remove');
}
