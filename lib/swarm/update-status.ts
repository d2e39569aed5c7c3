import type { EngineService } from './engine-json';
import { edit, RESUME, ROLL_BACK } from './hints/actions';
import { managerTime, ofManager, type Clocks } from './engine-times';
import { groupBy } from './group-by';
import { shell } from './shell';
import type { ServiceView, TaskView } from './view';
import { counted, inSentence, listed } from './words';

type UpdateView = NonNullable<ServiceView['update']>;
type Note = NonNullable<UpdateView['note']>;
type Failure = NonNullable<Note['failure']>;

/** What is kept of an update between two views: engines forget failed tasks, and that an update failed at all. */
export interface UpdateMemory {
  state: string;
  message: string;
  startedAt: number;
  /** When `state` was reached, by the dashboard's clock. */
  at: number;
  failure: Failure | null;
  /** `message` with the failed task's name. */
  named: string;
}

/** What the texts about an update depend on in addition to the service. */
export interface UpdateContext {
  /** The service's tasks, newest first in each slot. */
  tasks: readonly TaskView[];
  nodeName: (id: string) => string;
  clocks: Clocks;
}

const SECOND = 1000;

/** swarmkit's `update paused due to failure or early termination of task ID`. */
const TASK_ID = /\btask ([0-9a-z]{6,32})\b/;

/** A service's update or rollback as the page shows it; null when the engine reports none. */
export function updateView(
  service: EngineService,
  context: UpdateContext,
  before: UpdateMemory | null,
): { view: UpdateView | null; memory: UpdateMemory | null } {
  const { UpdateStatus: status, Spec, UpdatedAt } = service;
  if (!status?.State) return { view: null, memory: null };
  const { State: state, Message: message, StartedAt: startedAt, CompletedAt } = status;
  const same = before?.state === state && before.message === message;
  // An automatic rollback keeps the time at which its update started.
  const known = before?.startedAt === startedAt ? before : null;
  const changedAt = CompletedAt || Math.max(startedAt, UpdatedAt);
  const at = same && known ? known.at : managerTime(changedAt, context.clocks);
  // Swarm may have removed the task since; then its failure as seen before is kept.
  const forgotten = same && known !== null && !isListed(message, context);
  const found = failureOf(service, context);
  const failure =
    forgotten && known.failure
      ? { ...known.failure, all: found?.all ?? known.failure.all }
      : (found ?? known?.failure ?? null);
  const named = forgotten ? known.named : name(message, context);
  const memory: UpdateMemory = { state, message, startedAt, at, failure, named };
  // A job has no updates; its rollback stays `rollback_started` forever, as it only starts an iteration.
  const isJob = Boolean(Spec.Mode.ReplicatedJob ?? Spec.Mode.GlobalJob);
  const note = isJob ? null : noteOf(service, memory, context);
  const isAutomatic = state.startsWith('rollback') && !isManual(service) && !isJob;
  const automatic = isAutomatic ? { automatic: true } : {};
  const began = startedAt ? { startedAt } : {};
  return { view: { state, message: named, ...automatic, ...began, note }, memory };
}

function isListed(message: string, { tasks }: UpdateContext): boolean {
  const id = TASK_ID.exec(message)?.[1];
  return id !== undefined && tasks.some((task) => task.id === id);
}

/** The engine's text with the task's name and node for its id. */
function name(message: string, context: UpdateContext): string {
  return message.replace(TASK_ID, (_, id: string) => {
    const task = context.tasks.find((one) => one.id === id);
    return task ? placed(task, context) : `a task that is not listed any more (${id})`;
  });
}

/** `goweb.2 on zero1` */
function placed(task: TaskView, { nodeName }: UpdateContext): string {
  return task.nodeId === null ? task.name : `${task.name} on ${nodeName(task.nodeId)}`;
}

/**
 * Why the update failed: the task that the engine names, else the newest failed one, and all failed tasks. After a
 * rollback, only tasks of the other spec count that were created since the update started.
 */
function failureOf(service: EngineService, context: UpdateContext): Failure | null {
  const { UpdateStatus: status } = service;
  if (!status || !/paused|rollback/.test(status.State) || isManual(service)) return null;
  const started = ofManager(status.StartedAt, context.clocks) - SECOND;
  const ofUpdate = context.tasks.filter(({ upToDate, createdAt }) =>
    status.State.endsWith('paused') ? upToDate : !upToDate && createdAt >= started,
  );
  const failed = ofUpdate
    .filter(({ phase }) => phase === 'failed')
    .toSorted((a, b) => b.stateAt - a.stateAt);
  const id = TASK_ID.exec(status.Message)?.[1];
  const cause = context.tasks.find((task) => task.id === id) ?? failed[0];
  if (!cause) return null;
  const end = ENDS[cause.state] ?? 'ended early';
  const names = [...groupBy(failed, (task) => inSentence(placed(task, context)))].map(
    ([name, those]) => (those.length > 1 ? `${name} (${those.length} times)` : name),
  );
  return {
    text: `${inSentence(placed(cause, context))} ${end}`,
    error: cause.error,
    hint: cause.hint,
    help: cause.help,
    all: failed.length > 1 ? `${failed.length} tasks have failed so far: ${listed(names)}.` : null,
  };
}

const ENDS: Partial<Record<TaskView['state'], string>> = {
  failed: 'failed',
  rejected: 'was rejected',
};

/**
 * Whether a rollback was requested. Swarm drops the previous spec when it rolls back by itself, and swaps the two for
 * `docker service rollback` (swarmkit orchestrator/update/updater.go and manager/controlapi/service.go).
 */
function isManual({ UpdateStatus: status, PreviousSpec }: EngineService): boolean {
  return status?.State.startsWith('rollback') === true && Boolean(PreviousSpec);
}

function noteOf(
  service: EngineService,
  { state, at, failure }: UpdateMemory,
  context: UpdateContext,
): Note | null {
  const image = imageOf(service.Spec);
  const manual = isManual(service);
  switch (state) {
    case 'paused':
      return {
        tone: 'bad',
        before: 'The update has been paused since',
        at,
        after: '',
        failure: failure ?? UNKNOWN,
        actions: alternatives([...rollbackAction(service), ...goOnActions(service, 'update')]),
      };
    case 'rollback_paused':
      return {
        tone: 'bad',
        before: `The rollback to ${image} has been paused since`,
        at,
        after: '',
        failure: failure ?? UNKNOWN,
        actions: alternatives(goOnActions(service, 'rollback')),
      };
    case 'updating':
      return {
        tone: 'ok',
        before: `The update is in progress: ${newTasks(context, 'the new definition')}`,
        at: null,
        after: '',
        failure: null,
        actions: [],
      };
    case 'rollback_started':
      return {
        tone: 'warn',
        before: manual
          ? `The service is being rolled back to ${image}, as requested`
          : `The update failed; swarm rolls the service back to ${image}`,
        at: null,
        after: `: ${newTasks(context, 'it')}`,
        failure: manual ? null : failure,
        actions: [],
      };
    case 'rollback_completed': {
      const runs = context.tasks.some(({ phase, upToDate }) => phase === 'running' && upToDate);
      return {
        tone: manual ? 'ok' : 'warn',
        before: manual
          ? 'The service was rolled back at'
          : 'The update failed and was rolled back at',
        at,
        after: `${manual ? ', as requested' : ''}; ${runs ? `${image} runs` : `its image is ${image}`}`,
        failure: manual ? null : failure,
        actions: [],
      };
    }
    default:
      return null;
  }
}

/** `1 of 3 running tasks has the new definition`: of those that run, whichever definition they have. */
function newTasks({ tasks }: UpdateContext, what: string): string {
  const running = tasks.filter(({ phase }) => phase === 'running');
  const made = running.filter(({ upToDate }) => upToDate).length;
  const verb = made === 1 ? 'has' : 'have';
  return `${made} of ${counted(running.length, 'running task')} ${verb} ${what}`;
}

const UNKNOWN: Failure = {
  text: 'The task that failed is not listed any more',
  error: '',
  hint: null,
  help: null,
  all: null,
};

/** Image without its digest, safe within a sentence. */
function imageOf(spec: unknown): string {
  const { TaskTemplate } = Object(spec) as {
    TaskTemplate?: { ContainerSpec?: { Image?: unknown } };
  };
  const image = TaskTemplate?.ContainerSpec?.Image;
  return inSentence(typeof image === 'string' ? image.replace(/@sha256:[0-9a-f]+$/, '') : '');
}

/** `Roll back to goweb:0.9`, `Or resume the update as it is`. */
function alternatives(actions: Note['actions']): Note['actions'] {
  return actions.map(({ label, ...rest }, at) => ({
    label: at === 0 ? label.charAt(0).toUpperCase() + label.slice(1) : `Or ${label}`,
    ...rest,
  }));
}

function rollbackAction({ Spec, PreviousSpec }: EngineService): Note['actions'] {
  if (!PreviousSpec) return [];
  const image = imageOf(PreviousSpec);
  const to = image === '' || image === imageOf(Spec) ? 'the definition before' : image;
  const command = shell`docker service rollback ${Spec.Name}`;
  return [{ label: `roll back to ${to}`, command, action: ROLL_BACK }];
}

function goOnActions({ Spec: { Name } }: EngineService, what: string): Note['actions'] {
  return [
    {
      label: 'fix the cause and update again',
      command: shell`docker service update --image=IMAGE ${Name}`,
      action: edit('image'),
    },
    {
      label: `resume the ${what} without a change (any change, even a scale, resumes it too)`,
      command: shell`docker service update ${Name}`,
      action: RESUME,
    },
  ];
}
