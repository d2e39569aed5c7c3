import { planWords } from '@/lib/curl/plan';
import { ROTATE, type Answer, type ErrorKind, type Mark, type Run } from '@/lib/curl/run';
import { storyOf } from '@/lib/curl/story';
import { clockTime } from '@/lib/swarm/duration';

/** What each kind of error means, for a person who has not met it. */
export const ERROR_WORDS: Record<ErrorKind, string> = {
  refused: 'The connection was refused: nothing listens behind this port just now.',
  'connect timeout': 'No connection came about in time: the entry node or the mesh did not answer.',
  'read timeout': 'Connected, but no whole answer came in time.',
  reset: 'The connection was reset before a whole answer: a task stopped, or was killed.',
  closed: 'The service closed the connection before it had answered.',
  'not sent':
    'The dashboard could not open a connection: it has too many open, or a firewall forbids it.',
  '3xx': 'It answered with a redirect, which is not followed.',
  '4xx': 'It answered that the request was wrong, such as 404 for a path it does not know.',
  '5xx': 'It answered that it failed.',
  'only 1xx': 'It sent informational answers (1xx) only, again and again.',
  'bad body': 'The answer was not the text that the echo service gives.',
  'unknown container': 'A container answered that no known task has; it is counted as answered.',
};

const ENDED_WORDS: Record<NonNullable<Run['ended']>, string> = {
  finished: 'Finished.',
  stopped: 'Stopped by hand.',
  'nobody watching': 'Stopped: nobody was watching any more.',
  'connect failures': 'Stopped by itself: ten requests in a row found no connection.',
  'too many errors': 'Stopped by itself: more than half of the requests failed.',
  'service gone':
    'Stopped: the service or its port is gone from here, or its label that let this panel in.',
  shutdown: 'Stopped: the dashboard was shut down.',
};

/** Why a run is over, as a sentence; null while it runs. */
export function endedWords(run: Pick<Run, 'state' | 'ended'>): string | null {
  if (run.state === 'running') return null;
  return run.ended ? ENDED_WORDS[run.ended] : 'Ended.';
}

/** A latency as people read it: `0.8 ms`, `7 ms`, `1.2 s`; a dash where there is none. */
export function msText(ms: number | null): string {
  if (ms === null) return '–';
  if (ms >= 995) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 9.95 ? ms.toFixed(1).replace(/\.0$/, '') : Math.round(ms)} ms`;
}

/** A share 0 … 1 as whole percent; a dash where there is none. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)}%`;
}

/** `1 request`, `3 requests`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** One answer as a sentence for its tooltip. */
export function answerWords(answer: Answer, name: string | null, node: string | null): string {
  const who = name ?? answer.container;
  const by = who === null ? '' : ` by ${who}${node === null ? '' : ` on ${node}`}`;
  if (answer.error === null) return `Request ${answer.n}: answered${by} in ${msText(answer.ms)}`;
  return `Request ${answer.n}: ${answer.error}${by} after ${msText(answer.ms)}`;
}

/** What the live region says: that a run began, and at its end why and the verdict. No ticks. */
export function announcement(run: Run | null): string {
  if (!run) return '';
  if (run.state === 'running') return `Run started: ${count(run.planned, 'request')} to ${run.url}`;
  const failed = run.failed > 0 ? ` ${count(run.failed, 'request')} failed.` : '';
  const story = run.marks.length > 0 ? ` ${storyOf(run, clockTime)}` : '';
  return `Run ended. ${endedWords(run)} ${run.verdict}.${failed}${story}`;
}

/** What a change cost so far, for the list of changes. */
export function costWords({ cost }: Pick<Mark, 'cost'>): string {
  const { lost, lastLostMs, firstAnswerMs, firstAnswerBy } = cost;
  const parts = [lost === 0 ? 'No request lost' : `${count(lost, 'request')} lost`];
  if (lost > 0 && lastLostMs !== null) {
    parts.push(
      lastLostMs < 0
        ? `the last one ${secondsText(-lastLostMs)} before it was seen`
        : `the last one after ${secondsText(lastLostMs)}`,
    );
  }
  if (firstAnswerMs !== null && firstAnswerBy) {
    parts.push(`${firstAnswerBy.name} answered after ${secondsText(Math.max(0, firstAnswerMs))}`);
  }
  return `${parts.join(', ')}.`;
}

function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** What the p-value of the χ² test says. */
export function chanceWords(p: number): string {
  const percentText = p < 0.01 ? 'less than 1' : String(Math.round(p * 100));
  const unlikely = p < 0.01 ? ' Chance alone hardly explains it.' : '';
  return `Were each answer's task chosen at random, ${percentText} of 100 such runs would be at least this uneven.${unlikely}`;
}

/** How a run was set up: `5/s × 30 s at ctrl`, with what is not as usual. */
export function setupWords(request: Run['request']): string {
  const { mode, entryNode, method, connection, inFlight, path } = request;
  const where = entryNode === ROTATE ? 'rotating' : `at ${entryNode}`;
  const unusual = [
    method === 'HEAD' && 'HEAD',
    connection === 'keepAlive' && 'keep alive',
    mode !== 'once' && inFlight !== 4 && `${inFlight} in flight`,
    path !== '/Hello!' && path,
  ].filter((part) => part !== false);
  return [`${planWords(request)} ${where}`, ...unusual].join(', ');
}

/** Why slots of the schedule were skipped, and what would help. */
export function skippedWords({
  skipped,
  stalled,
  request,
}: Pick<Run, 'skipped' | 'stalled' | 'request'>): string {
  const full = skipped - stalled;
  const places = request.inFlight === 1 ? 'the one place' : `all ${request.inFlight} places`;
  const slots = `${count(full || stalled, 'slot')} of the schedule`;
  const busy = 'went by while the dashboard was busy';
  const reasons = [
    full > 0 && `${slots} found ${places} in flight taken`,
    stalled > 0 && (full > 0 ? `${stalled} ${busy}` : `${slots} ${busy}`),
  ].filter((reason) => reason !== false);
  const more = full > 0 && request.inFlight < 16 ? ' More in flight would send them.' : '';
  return `${reasons.join(', ')}: counted, never sent late, so that no latency looks better than it is.${more}`;
}
