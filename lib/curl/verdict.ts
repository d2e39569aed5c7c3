import { counted } from '../swarm/words';
import type { Entry, ErrorKind, RunRollout, Run, Share } from './run';
import type { WindowSummary } from './fairness-window';

/** Input of the verdict. */
export interface VerdictFacts extends Pick<
  Run,
  'sent' | 'answered' | 'failed' | 'connections' | 'errors' | 'repeats' | 'shares' | 'entries'
> {
  readonly ended: boolean;
  /** Updates and rollbacks so far. */
  readonly rollouts: readonly Pick<RunRollout, 'state' | 'automatic'>[];
  /** Merged over all entry nodes. */
  readonly window: WindowSummary;
  /** The run reuses connections. */
  readonly keepAlive: boolean;
  /** Published in host mode: there is no routing mesh. */
  readonly hostMode: boolean;
  /** Answers have no hostname: by HEAD, or because the service prints none. */
  readonly unnamed: boolean | 'HEAD';
  /** Several running tasks have the same hostname. */
  readonly sharedHostnames: boolean;
}

/**
 * Up to this share of repeats it still counts as round robin: requests of other clients take turns too, so
 * two consecutive requests of a run can reach the same task.
 */
const ROUND_ROBIN_REPEATS = 0.05;

/** A spread up to this part of a task's fair share is called small. */
const SMALL_UNEVENNESS = 0.1;

/** One sentence on what a run shows, without a full stop: `Round robin: even to within 1 request`. */
export function verdictOf(facts: VerdictFacts): string {
  if (facts.sent === 0) return facts.ended ? 'Nothing was sent' : 'Waiting for the first answer';
  if (facts.answered === 0) return withoutAnswers(facts);
  return (
    judgement(facts) +
    failures(facts) +
    rolloutWords(facts) +
    deadEntries(facts) +
    apartFromThese(facts)
  );
}

/** What became of the last update that failed. */
function rolloutWords({ rollouts, ended }: VerdictFacts): string {
  const last = rollouts.at(-1);
  if (!last) return '';
  const was = ended ? 'was' : 'is';
  if (last.state === 'paused') return `; the update failed and ${was} paused`;
  if (!last.automatic) return '';
  return last.state === 'rolled back'
    ? '; the update failed and was rolled back'
    : `; the update failed and ${was} being rolled back`;
}

/** Entry nodes without any answer while others have some: their mesh is broken. */
function deadEntries({ entries }: VerdictFacts): string {
  const dead = entries.filter(
    (entry) => entry.failed > 1 && entry.answered === 0 && !isUnreachable(entry),
  );
  return dead.length === 0 ? '' : `; no answers through ${list(dead.map(({ name }) => name))}`;
}

/** Entry nodes of which only the way from here is broken. */
function apartFromThese({ entries }: VerdictFacts): string {
  const found = entries.filter(isUnreachable);
  return found.length === 0 ? '' : `; ${unreachableWords(found)}`;
}

function isUnreachable({ unreachable, answered }: Entry): boolean {
  return unreachable.length > 0 && answered === 0;
}

/** `ctrl cannot be reached from here (192.168.65.3)` */
function unreachableWords(entries: readonly Pick<Entry, 'name' | 'unreachable'>[]): string {
  const names = list(entries.map(({ name }) => name));
  const [only] = entries.length === 1 ? entries : [];
  return `${names} cannot be reached from here${only ? ` (${list(only.unreachable)})` : ''}`;
}

function withoutAnswers({ ended, sent, failed, errors, entries }: VerdictFacts): string {
  if (failed === 0) {
    return ended ? 'No answers: stopped before the first one' : 'Waiting for the first answer';
  }
  const [only] = sent === 1 ? Object.keys(errors) : [];
  if (only !== undefined && ANSWERED_WITH.has(only))
    return `Answered with ${ANSWERED_WITH.get(only)}`;
  const used = entries.filter((entry) => entry.sent > 0);
  if (used.every(isUnreachable)) {
    return `${unreachableWords(used)}: run the dashboard on the controller, or set DOCKER_HOST to an address of it that this machine reaches`;
  }
  const which =
    sent === 1
      ? 'the request'
      : failed === sent
        ? `all ${sent} requests`
        : `${failed} of ${sent} requests`;
  const apart = used.filter(isUnreachable);
  const more = apart.length === 0 ? '' : `; ${unreachableWords(apart)}`;
  return `No answers: ${which} failed (${mostFrequent(errors)})${more}`;
}

function failures({ sent, failed, errors, entries }: VerdictFacts): string {
  const apart = entries.filter(isUnreachable);
  const count = (of: 'sent' | 'failed') => apart.reduce((sum, entry) => sum + entry[of], 0);
  const counting = failed - count('failed');
  if (counting === 0) return '';
  const requests = counted(sent - count('sent'), 'request');
  return `; ${counting} of ${requests} failed (${mostFrequent(errors)})`;
}

function judgement(facts: VerdictFacts): string {
  const { sent, answered, shares, window } = facts;
  const entries = facts.entries.filter((entry) => !isUnreachable(entry));
  if (facts.unnamed === 'HEAD')
    return `${counted(answered, 'answer')} to HEAD: without a body the answering task is unknown`;
  if (facts.unnamed) {
    return `${counted(answered, 'answer')} without a container's name: the answering task is unknown`;
  }
  const answering = shares.filter((share) => share.answers > 0);
  const sole = answering.length === 1 ? answering[0] : undefined;
  if (sole && sent === 1) return `${sole.name} answered`;

  if (answering.every((share) => share.taskId === null)) {
    return facts.sharedHostnames
      ? 'The tasks share one hostname, so their answers cannot be distinguished'
      : 'The answers come from containers that are no task of this service';
  }
  const tasks = window.running.size;
  if (facts.hostMode) return hostModeWords(facts, sole);
  // The verdict of a run that has ended stays as it is, whatever the service does later.
  const now = facts.ended ? 'was running at the end' : 'is running now';
  if (tasks === 0) return facts.ended ? `No task ${now}` : 'No running task';
  if (tasks === 1) {
    const only = shares.find((share) => isIn(window, share));
    if (sole && sole === only) return `One task answered everything: only ${sole.name} runs`;
    return `Only ${only?.name ?? 'one task'} ${now}`;
  }
  if (facts.keepAlive && answered > 1) {
    const kept = sticks(facts, sole?.name);
    if (kept) return kept;
  }
  const enough = ((window.spread ?? 0) <= 1 ? tasks : 2 * tasks) * entries.length;
  if (window.answers < enough) {
    return window.changed
      ? `Tasks changed; count restarted (${counted(window.answers, 'answer')})`
      : `Too few answers for a verdict: ${answered} from ${tasks} running tasks`;
  }
  return evenness({ ...facts, entries }, tasks);
}

/** The verdict for kept connections; null when the service closes them, so that tasks take turns. */
function sticks({ answered, connections }: VerdictFacts, sole: string | undefined): string | null {
  if (connections >= answered) return null;
  const kept = counted(connections, 'kept connection');
  return sole
    ? `Sticks to ${sole}: ${kept}, and the mesh chooses a replica per connection, not per request`
    : `No round robin: ${kept}, and the mesh chooses a replica per connection, not per request`;
}

/** Without a mesh the entry nodes decide which task answers, so there is no evenness to judge. */
function hostModeWords({ shares, window }: VerdictFacts, sole: Share | undefined): string {
  const running = shares.filter((share) => isIn(window, share));
  const answered = running.filter((share) => share.answers > 0).length;
  if (sole)
    return `${sole.name} answered everything: in host mode a port leads to one task, not to the mesh`;
  return `${answered} of ${counted(running.length, 'running task')} answered, each at its own port: host mode has no mesh`;
}

function evenness({ shares, entries, window }: VerdictFacts, tasks: number): string {
  const at = entries.length > 1 ? ` at each of ${entries.length} entry nodes` : '';
  const since = (window.changed ? ' since the tasks changed' : '') + at;
  const inWindow = shares.filter((share) => isIn(window, share));
  const answersOf = (share: Share) => window.counts.get(share.taskId ?? '') ?? 0;
  const silent = inWindow.filter((share) => answersOf(share) === 0);
  const spread = window.spread ?? 0;

  if (silent.length === tasks - 1) {
    const sole = inWindow.find((share) => answersOf(share) > 0);
    return `One task answered everything${since}: ${sole?.name ?? '?'}, though ${tasks} tasks run`;
  }
  const turns = (window.repeats ?? 0) <= ROUND_ROBIN_REPEATS;
  if (spread <= 1) return even(turns, since, '1 request');
  if (silent.length > 0) {
    return `Uneven${since}: no answer from ${list(silent.map((share) => share.name))}`;
  }
  if (spread <= 2 || spread <= SMALL_UNEVENNESS * (window.answers / tasks)) {
    return even(turns, since, `${spread} requests`);
  }
  const byAnswers = inWindow.toSorted((a, b) => answersOf(b) - answersOf(a));
  const [most, least] = [byAnswers[0], byAnswers.at(-1)];
  return `Uneven${since} by ${spread} requests: ${most?.name ?? '?'} answered most, ${least?.name ?? '?'} least`;
}

function even(turns: boolean, since: string, within: string): string {
  return turns
    ? `Round robin${since}: even to within ${within}`
    : `Even to within ${within}${since}`;
}

function isIn(window: WindowSummary, share: Share): boolean {
  return share.taskId !== null && window.running.has(share.taskId);
}

/** The most frequent kind of error, in words. */
function mostFrequent(errors: Run['errors']): string {
  const failures = Object.entries(errors).filter(([kind]) => kind !== 'unknown container');
  const [first] = failures.toSorted((a, b) => b[1] - a[1]);
  if (!first) return 'reason unknown';
  const words = WORDS.get(first[0]) ?? first[0];
  return failures.length > 1 ? `most: ${words}` : words;
}

/** A single request that has a response, which is shown, although it is no good answer. */
const ANSWERED_WITH = new Map<string, string>([
  ['3xx', 'a redirect (3xx)'],
  ['4xx', 'an error (4xx)'],
  ['5xx', 'an error (5xx)'],
] satisfies [ErrorKind, string][]);

const WORDS = new Map<string, string>([
  ['refused', 'connection refused'],
  ['reset', 'connection reset'],
  ['closed', 'connection closed by the service'],
  ['not sent', 'the dashboard could not connect'],
  ['no port', 'no task had a port'],
  ['only 1xx', 'informational answers only'],
  ['bad body', 'not the echo text'],
] satisfies [ErrorKind, string][]);

function list(names: readonly string[]): string {
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
