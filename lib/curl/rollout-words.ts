import { counted, inSentence } from '../swarm/words';
import type { RunRollout } from './run';

type Facts = Omit<RunRollout, 'summary'>;
type Images = readonly { readonly image: string }[];

/**
 * A rollout in one paragraph: what it cost, and, if it failed, why and what swarm does about it. Durations only, no
 * times of day: those depend on the reader. `ended`: the run has ended, and what became of the rollout is not known.
 */
export function rolloutSummary(rollout: Facts, versions: Images, ended: boolean): string {
  const result = ended ? unfinished(rollout, versions) : null;
  return [
    result ?? outcome(rollout, versions),
    failed(rollout),
    cost(rollout),
    result === null ? next(rollout) : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** `The update to carmeloc/goweb:1.1`; with the same image only `The update`. */
function subject({ kind, from, to }: Facts, versions: Images): string {
  const [old, now] = [versions[from]?.image ?? '', versions[to]?.image ?? ''];
  const where = old === now || now === '' ? '' : ` to ${inSentence(now)}`;
  return `The ${kind}${where}`;
}

const OUTCOMES: Record<
  RunRollout['state'],
  (what: string, after: string, rollout: Facts) => string
> = {
  updating: (what) => `${what} is in progress.`,
  completed: (what, after) => (after ? `${what} took ${after}.` : `${what} is complete.`),
  paused: (what) => `Swarm paused ${lowerFirst(what)} because a task failed.`,
  'rolling back': (what, _, { automatic }) =>
    automatic
      ? `${what} failed, and swarm is rolling it back.`
      : `${what} is being rolled back, as requested.`,
  'rollback paused': (what) =>
    `${what} is being rolled back, but a task failed again, and swarm paused the rollback.`,
  'rolled back': (what, after, { automatic }) =>
    automatic
      ? `${what} failed, and ${after && `after ${after} `}swarm had rolled it back.`
      : `${what} was rolled back${after && ` after ${after}`}, as requested.`,
  replaced: (what, after) => `${what} was replaced by another update${after && ` after ${after}`}.`,
};

function outcome(rollout: Facts, versions: Images): string {
  const { state, endedMs, begunBefore } = rollout;
  const after = endedMs === null || begunBefore ? '' : seconds(endedMs);
  return OUTCOMES[state](subject(rollout, versions), after, rollout);
}

/** What a run that has ended says of a rollout that had not; null of one that had. */
function unfinished(rollout: Facts, versions: Images): string | null {
  const what = subject(rollout, versions);
  if (rollout.state === 'updating') return `${what} was in progress when the run ended.`;
  if (rollout.state !== 'rolling back') return null;
  return rollout.automatic
    ? `${what} failed, and swarm was rolling it back when the run ended.`
    : `${what} was being rolled back, as requested, when the run ended.`;
}

/** Why it failed, and how many of its tasks did. */
function failed({ failure, failedTasks }: Facts): string {
  const count = `${counted(failedTasks, 'task')} of the new version failed`;
  if (!failure) return failedTasks === 0 ? '' : `${count}.`;
  const error = failure.error === '' ? '' : ` (${inSentence(failure.error)})`;
  return `${failure.text}${error}.${failedTasks > 1 ? ` ${count}.` : ''}`;
}

/** Its cost in requests, and when the versions answered. */
function cost(rollout: Facts): string {
  const { firstAnswerMs, lastAnswerMs, lost, slow, slowMs, begunBefore } = rollout;
  const first =
    firstAnswerMs === null
      ? !begunBefore && 'the new version has not answered'
      : `the first answer of the new version came after ${seconds(firstAnswerMs)}`;
  const last =
    lastAnswerMs !== null && `the last one of the old version after ${seconds(lastAnswerMs)}`;
  const requests = lost === 0 ? 'no request failed' : `${counted(lost, 'request')} failed`;
  const slowed =
    slow && slowMs !== null && `${counted(slow, 'answer')} took more than ${Math.round(slowMs)} ms`;
  const text = [joined(first, last), joined(requests, slowed)].filter(isText).join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

const isText = (part: string | number | false | null): part is string =>
  typeof part === 'string' && part !== '';

function joined(...parts: (string | number | false | null)[]): string {
  return parts.filter(isText).join(', ');
}

/** What swarm does next after a failure. */
function next({ state, automatic }: Facts): string {
  const isRequested = !automatic && (state === 'rolling back' || state === 'rolled back');
  return (isRequested ? undefined : NEXT[state]) ?? '';
}

const NEXT: Partial<Record<RunRollout['state'], string>> = {
  paused: 'Swarm replaces no more tasks until the service is updated again or rolled back.',
  'rolling back': 'Swarm replaces the new tasks with tasks of the version before.',
  'rollback paused': 'Swarm replaces no more tasks until the service is updated again.',
  'rolled back': 'Swarm does not try it again.',
};

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

function seconds(ms: number): string {
  const shown = Math.max(0, ms);
  return shown < 9950 ? `${(shown / 1000).toFixed(1)} s` : `${Math.round(shown / 1000)} s`;
}
