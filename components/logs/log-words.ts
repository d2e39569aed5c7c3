import type { LogLink } from '@/lib/client/log-connection';
import type { ShownProblem } from '@/lib/client/request';
import type { MissingNode } from '@/lib/swarm/logs/messages';
import { missingSentence } from '@/lib/swarm/logs/target';
import { counted } from '@/lib/swarm/words';
import { grouped } from '../ui/words';
import type { Tone } from '../ui/Pill';
import type { AnswerLine } from './answer-search';
import type { LogState } from './log-intake';
import type { TextSearch } from './log-excerpt';
import type { WantedAnswer } from './log-target';

/** The state of a log in words. */
export interface LogStatusWords {
  readonly tone: Tone;
  readonly text: string;
  /** What one can do about it. */
  readonly next?: string | undefined;
}

/** Describes how a log is. `what`: `service` or `task`. */
export function statusWords(
  {
    link,
    problem,
    log,
    following,
  }: {
    link: LogLink;
    problem: ShownProblem | null;
    log: LogState | null;
    /** False: paused, so what comes is not shown yet. */
    following: boolean;
  },
  what: 'service' | 'task',
): LogStatusWords {
  if (link === 'refused' && problem) {
    return { tone: 'bad', text: problem.detail, next: problem.next };
  }
  if (link === 'lost') {
    return { tone: 'warn', text: 'The connection to the dashboard is lost. Reconnecting…' };
  }
  if (!log || link === 'connecting') return { tone: 'off', text: 'Connecting…' };
  const missing = log.missing.map(missingSentence).join(' ');
  const { detail, next } = log.problem ?? {};
  if (log.state === 'opening') return { tone: 'off', text: 'Waiting for the engine…' };
  if (log.state === 'ended') {
    return { tone: 'off', text: detail ?? `The ${what} is gone: no more lines will come.`, next };
  }
  if (log.state === 'retrying') {
    const text = detail ?? 'The engine has ended the log. Opening it again…';
    return { tone: 'warn', text, next };
  }
  if (missing === '') return following ? LIVE : PAUSED;
  return { tone: 'warn', text: missing, next: 'They appear when the node is back.' };
}

const LIVE: LogStatusWords = { tone: 'ok', text: 'Live' };
const PAUSED: LogStatusWords = { tone: 'off', text: 'Paused' };

/** `412 lines`; when the oldest ones are not held any more: `latest 5,000 of 61,000 lines`. */
export function countText(count: number, dropped: number): string {
  if (dropped === 0) return `${grouped(count)} ${count === 1 ? 'line' : 'lines'}`;
  return `latest ${grouped(count)} of ${grouped(count + dropped)} lines`;
}

/** A line's local time of day, from the engine's time in UTC; the engine's text if it is no time. */
export function lineTime(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : new Date(at).toTimeString().slice(0, 8);
}

/** A line's local date and time, with milliseconds: `2026-01-01 12:00:00.123`. */
export function fullTime(time: string): string {
  const at = Date.parse(time);
  if (Number.isNaN(at)) return time;
  const local = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${local.getFullYear()}-${two(local.getMonth() + 1)}-${two(local.getDate())}`;
  return `${day} ${local.toTimeString().slice(0, 8)}.${String(local.getMilliseconds()).padStart(3, '0')}`;
}

/** The line of an answer that was found: whether it is marked, can be marked again, or is not held any more. */
export type FoundLine = 'marked' | 'left' | 'gone';

/** Describes how far the search for the line of an answer is. */
export function answerWords(
  n: number,
  state: AnswerLine['state'] | undefined,
  found: FoundLine,
): string {
  if (state === 'reading') return `Searching the whole log for the line of answer ${n}…`;
  if (state !== 'found') return `Searching for the line of answer ${n}…`;
  if (found === 'marked') return `The line of answer ${n} is marked.`;
  if (found === 'left') return `Back to the line of answer ${n}`;
  return `The line of answer ${n} is too old to be shown any longer.`;
}

/** What is known where the line of an answer was not found. */
export interface NoLine {
  answer: WantedAnswer;
  missing: readonly MissingNode[];
  /** The search in the whole log; null: the log of the task could not be read, as swarm has removed it. */
  search: Pick<TextSearch, 'lines' | 'hasIds' | 'notes'> | null;
}

/** Why there is no line of an answer, in one sentence. */
export function noLineWords({ answer, missing, search }: NoLine): string {
  const { task, answered } = answer;
  const log = task === null ? 'The log' : `The log of ${task}`;
  const node = missing.find(({ name }) => name === answer.node);
  if (node) return missingSentence(node);
  if (!search) {
    return `Swarm has removed ${task ?? 'the task'} that answered, and its log with it.`;
  }
  if (!answered) return 'The request got no answer, and no task has written a line for it.';
  if (search.lines === 0) {
    const words = search.notes[0] ?? 'its log driver may keep nothing that docker can read.';
    return `${log} is empty: ${words}`;
  }
  if (!search.hasIds) {
    return `${log} has no request ids: only programs that log the header X-Request-Id, as the echo server does, have a line for each answer.`;
  }
  const some =
    missing[0] && answer.node === null ? ` ${missing.map(missingSentence).join(' ')}` : '';
  return `No line for this answer in ${counted(grouped(search.lines), 'line')} of ${task === null ? 'the log' : `the log of ${task}`}: its log driver keeps only the latest.${some}`;
}
