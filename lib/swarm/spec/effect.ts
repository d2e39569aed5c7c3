import { counted } from '../words';
import { specDifference, type SpecDifference } from './difference';
import { goDuration } from './go-duration';
import { modeOf, partOf, type RawSpec } from './raw-spec';

/** What replaces the tasks. */
type Policy = 'UpdateConfig' | 'RollbackConfig';

/**
 * What becomes of a service's tasks when its spec is changed, in sentences (swarmkit manager/orchestrator/task.go
 * `IsTaskDirty`): another task template or endpoint replaces all of them, another placement alone only those whose node
 * does not satisfy the constraints. `update`: the state of an update or rollback that the service is in. Any change
 * ends that, and goes on with the tasks that are not as the new spec has them. Of specs without marked integers.
 */
export function effectOf(
  before: RawSpec,
  after: RawSpec,
  { policy = 'UpdateConfig', update = '' }: { policy?: Policy; update?: string | undefined } = {},
): string {
  const isPaused = update.endsWith('paused') && policy === 'UpdateConfig';
  const isUnfinished = /^(updating|paused|rollback_started|rollback_paused)$/.test(update);
  const differences = specDifference(before, after);
  const mode = modeOf(after);
  if (mode === 'replicated-job' || mode === 'global-job') {
    return differences.length === 0 ? '' : 'The job starts again from the beginning.';
  }
  const how = (tasks?: number) =>
    `${rolloutWords(after, policy, tasks)} ${failureWords(after, policy)}`;
  const start = isPaused
    ? [`The paused ${update === 'paused' ? 'update' : 'rollback'} goes on.`]
    : [];
  const replacement = (tasks?: number) =>
    isUnfinished
      ? `Every task without this definition is replaced${how(tasks)}`
      : replaced(differences, mode, how(tasks));
  if (mode !== 'replicated') return [...start, replacement()].join(' ');
  const [from, to] = [replicasOf(before), replicasOf(after)];
  const kept = Math.min(from, to);
  const sentences = kept > 0 ? [...start, replacement(kept)] : [];
  if (to > from) sentences.push(`${counted(to - from, 'more task', 'start')}.`);
  if (to < from) sentences.push(`${counted(from - to, 'task', 'stop')}.`);
  return sentences.join(' ') || 'It has no tasks.';
}

const replicasOf = (spec: RawSpec): number => {
  const count = partOf(spec, 'Mode', 'Replicated')['Replicas'] ?? 1;
  return typeof count === 'number' ? count : 1;
};

function replaced(
  differences: readonly SpecDifference[],
  mode: ReturnType<typeof modeOf>,
  how: string,
): string {
  const paths = differences.map(({ path }) => path);
  const isPlacement = (path: string) => /^TaskTemplate\.Placement(\.|$)/.test(path);
  const isEndpoint = (path: string) => /^EndpointSpec(\.|$)/.test(path);
  if (
    paths.some(
      (path) => isEndpoint(path) || (path.startsWith('TaskTemplate') && !isPlacement(path)),
    )
  ) {
    return `Every task is replaced${how}`;
  }
  if (!paths.includes('TaskTemplate.Placement.Constraints')) return 'No task is replaced.';
  return mode === 'global'
    ? 'Tasks end on nodes that do not satisfy the constraints, and start on those that do now.'
    : 'A task is replaced only if its node does not satisfy the constraints.';
}

/** `, one at a time. A task …`: the pace, and what comes first. `tasks`: how many there are, if that is known. */
export function rolloutWords(
  spec: RawSpec,
  policy: Policy,
  tasks = Number.POSITIVE_INFINITY,
): string {
  const config = partOf(spec, policy);
  const order =
    config['Order'] === 'start-first'
      ? 'Each new task starts before the old one stops.'
      : 'A task that is being replaced does not answer.';
  return `${pace(config, tasks)}. ${order}`;
}

function pace({ Parallelism }: RawSpec, tasks: number): string {
  const together = Number(Parallelism ?? 1) || tasks;
  if (tasks === 1) return '';
  if (together >= tasks) return ', all at once';
  return together === 1 ? ', one at a time' : `, ${together} at a time`;
}

/** swarmkit api/defaults/service.go */
const MONITOR = 5_000_000_000;

/** What swarm does when new tasks fail. */
export function failureWords(spec: RawSpec, policy: Policy): string {
  const { Monitor, MaxFailureRatio, FailureAction } = partOf(spec, policy);
  const what = policy === 'UpdateConfig' ? 'update' : 'rollback';
  const share = Number(MaxFailureRatio ?? 0);
  const window = goDuration(Number(Monitor ?? 0) || MONITOR);
  const who =
    share > 0
      ? `more than ${Math.round(share * 1000) / 10}% of the new tasks fail`
      : 'a new task fails';
  const then =
    FailureAction === 'continue'
      ? `the ${what} goes on`
      : FailureAction === 'rollback'
        ? 'swarm rolls the service back'
        : `swarm pauses the ${what}`;
  return `If ${who} within ${window}, ${then}.`;
}
