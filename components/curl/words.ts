import { planWords } from '@/lib/curl/plan';
import { ROTATE, type Answer, type ErrorKind, type Mark, type Run } from '@/lib/curl/run';
import { storyOf } from '@/lib/curl/story';
import { clockTime } from '@/lib/swarm/duration';
import { counted } from '@/lib/swarm/words';
import { DEFAULT_SETTINGS } from './controls/run-settings';

/** Explains each kind of error. */
export const ERROR_WORDS: Record<ErrorKind, string> = {
  refused: 'The connection was refused: nothing listens on this port.',
  'connect timeout':
    'No connection before the timeout: the mesh or the entry node did not respond, or nothing leads there from here.',
  'read timeout': 'Connected, but no complete response before the timeout.',
  reset: 'The connection was reset before a complete response: a task stopped or was killed.',
  closed: 'The service closed the connection without a response.',
  'not sent':
    'The dashboard could not open a connection: too many are open, or a firewall blocks it.',
  'no port': 'Nothing was sent: no running task had a port of its own.',
  '3xx': 'The service responded with a redirect, which is not followed.',
  '4xx': 'The service rejected the request, for example 404 for an unknown path.',
  '5xx': 'The service responded with a server error.',
  'only 1xx': 'The service sent only informational responses (1xx).',
  'bad body': 'The response is not the text of the echo service.',
  'unknown container': 'The answering container belongs to no known task. Counted as answered.',
};

const ENDED_WORDS: Record<NonNullable<Run['ended']>, string> = {
  finished: 'Finished',
  stopped: 'Stopped by a viewer',
  'nobody watching': 'Stopped: the page was closed',
  'connect failures': 'Stopped: ten requests in a row could not connect',
  'too many errors': 'Stopped: more than half of the requests failed',
  'service gone': 'Stopped: the service, its port or its label clusterhat.curl was removed',
  shutdown: 'Stopped: the dashboard was shut down',
};

/** Returns why a run ended; null while it is active. */
export function endedWords(run: Pick<Run, 'state' | 'ended'>): string | null {
  if (run.state === 'running') return null;
  return run.ended ? ENDED_WORDS[run.ended] : 'Ended';
}

/** Formats a latency: `0.8 ms`, `7 ms`, `1.2 s`; a dash for null. */
export function msText(ms: number | null): string {
  if (ms === null) return '–';
  if (ms >= 995) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 9.95 ? ms.toFixed(1).replace(/\.0$/, '') : Math.round(ms)} ms`;
}

/** Formats a share 0 … 1 as percent; a dash for null. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)}%`;
}

/** Describes one answer for its tooltip. */
export function answerWords(answer: Answer, name: string | null, node: string | null): string {
  const who = name ?? answer.container;
  const by = who === null ? '' : ` by ${who}${node === null ? '' : ` on ${node}`}`;
  if (answer.error === null) return `Request ${answer.n}: answered${by} in ${msText(answer.ms)}`;
  return `Request ${answer.n}: ${answer.error}${by} after ${msText(answer.ms)}`;
}

/** The text of the live region: the start of a run, and its end with reason and verdict. */
export function runAnnouncement(run: Run | null): string {
  if (!run) return '';
  if (run.state === 'running')
    return `Run started: ${counted(run.planned, 'request')} to ${run.url}`;
  const failed = run.failed > 0 ? ` ${counted(run.failed, 'request')} failed.` : '';
  const story = run.marks.length > 0 ? ` ${storyOf(run, clockTime)}` : '';
  return `Run ended. ${endedWords(run)}. ${run.verdict}.${failed}${story}`;
}

/** Describes what a change has cost so far. */
export function costWords({ cost }: Pick<Mark, 'cost'>): string {
  const { lost, lastLostMs, firstAnswerMs, firstAnswerBy } = cost;
  const parts = [lost === 0 ? 'No request lost' : `${counted(lost, 'request')} lost`];
  if (lost > 0 && lastLostMs !== null) {
    parts.push(
      lastLostMs < 0
        ? `the last one ${secondsText(-lastLostMs)} before swarm noticed`
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

/** Explains the p-value of the χ² test. */
export function chanceWords(p: number): string {
  const percentText = p < 0.01 ? 'less than 1' : String(Math.round(p * 100));
  const unlikely = p < 0.01 ? ' Chance alone is unlikely.' : '';
  return `If tasks were chosen at random, ${percentText} of 100 runs would be at least this uneven.${unlikely}`;
}

/** Describes a run's settings: `5/s × 30 s at ctrl`, and those that differ from the defaults. */
export function setupWords(request: Run['request']): string {
  const { mode, entryNode, method, connection, inFlight, path } = request;
  const where = entryNode === ROTATE ? 'at all nodes in turn' : `at ${entryNode}`;
  const changed = [
    method !== DEFAULT_SETTINGS.method && method,
    connection === 'keepAlive' && 'keep alive',
    mode !== 'once' && inFlight !== DEFAULT_SETTINGS.inFlight && `${inFlight} in flight`,
    path !== DEFAULT_SETTINGS.path && path,
  ].filter((part) => part !== false);
  return [`${planWords(request)} ${where}`, ...changed].join(', ');
}

/** Explains why requests of the schedule were skipped. */
export function skippedWords({
  skipped,
  stalled,
  request,
}: Pick<Run, 'skipped' | 'stalled' | 'request'>): string {
  const full = skipped - stalled;
  const reasons = [
    full > 0 && `${request.inFlight} in flight already`,
    stalled > 0 && 'the dashboard was busy',
  ].filter((reason) => reason !== false);
  const more = full > 0 && request.inFlight < 16 ? ' Increase In flight to send more.' : '';
  return `${counted(skipped, 'request')} skipped instead of sent late (${reasons.join(', ')}).${more}`;
}

/** Why fewer requests were answered and failed than sent. */
export function cutOffWords(aborted: number): string {
  return `${counted(aborted, 'request')} cut off at the end of the run, neither answered nor failed.`;
}
