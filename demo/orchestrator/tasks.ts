import { isDeepStrictEqual } from 'node:util';
import { mayRun, stateRank } from '@/lib/swarm/task-state';
import { nodeMatches } from '../constraints';
import { isJob } from '../mode';
import type { ServiceRecord, Store, TaskDraft, TaskRecord } from '../store';
import type { Node, RestartPolicy, State } from '../types';

/** Swarm's default restart delay, in ms. */
export const RESTART_DELAY_MS = 5000;
/** Swarm's default monitor window of updates and rollbacks, in ms. */
export const MONITOR_MS = 5000;

/** Converts the nanoseconds of specs to milliseconds. */
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

/** Whether the task has ended, in success or failure. */
export function hasEnded(task: TaskRecord): boolean {
  return stateRank(task.api.Status.State) > stateRank('running');
}

/** Whether a node has the task and it has not ended. */
export function isOnNode(task: TaskRecord): boolean {
  return stateRank(task.api.Status.State) >= stateRank('assigned') && !hasEnded(task);
}

/** Whether no task may stay on the node: it is removed, down or drained. */
export function isInvalid(node: Node | undefined): boolean {
  return !node || node.Status.State === 'down' || node.Spec.Availability === 'drain';
}

export function restartCondition(policy: RestartPolicy | undefined) {
  return policy?.Condition ?? 'any';
}

/** Creates a task from the service's current spec. `prepare` may change it before it is stored. */
export function newTask(
  store: Store,
  service: ServiceRecord,
  place: { slot: number } | { nodeId: string },
  desired: State = 'running',
  prepare: (record: TaskDraft) => void = () => {},
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
  prepare(draft);
  return store.createTask(draft);
}

/**
 * Whether an update has to replace the task, because its service has another task template or
 * endpoint. New constraints alone do not count if the task's node satisfies them.
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

/** Marks every task of a removed service for removal. */
export function removeTasksOf(store: Store, serviceId: string): void {
  for (const task of store.tasksOfService(serviceId)) store.setDesired(task, 'remove');
}
