import { engineProblemFor, isEngineError } from '../engine';
import type { Source, StreamEnds } from '../live';
import type { LogEntry, LogLine } from '../swarm/logs/lines';
import type { LogStreamEntry, MissingNode } from '../swarm/logs/messages';
import { inTimeOrder } from '../swarm/logs/order';
import { missingSentence } from '../swarm/logs/target';
import { textLine, textNote, type LogNames } from '../swarm/logs/text';
import type { FollowedLog } from './followed-log';
import { entriesOf } from './log-buffer';
import type { LogPart } from './log-part';
import { beginOf } from './log-source';

const encoder = new TextEncoder();

/** Nothing at the begin or end: every byte of the text is the log's. */
export const TEXT_ENDS: StreamEnds = { first: null, last: null };

/** Characters of one piece of text. */
const PIECE = 65_536;
/** Size up to which a whole log is put into order of time: characters, and what a line needs beside its text. */
const ORDERED = 1_000_000;
const PER_LINE = 200;

/** Names that are current when they are needed: tasks come and go. */
export type CurrentNames = () => LogNames;

/** The part of a log that a text has. */
export type SelectedPart = Pick<LogPart, 'nodeId' | 'includes'>;

/** All lines. */
export const WHOLE_LOG: SelectedPart = { nodeId: null, includes: () => true };

/** Sends one stream the followed log as text. */
export function followedText(
  log: FollowedLog,
  names: CurrentNames,
  { since = null, part = WHOLE_LOG }: { since?: string | null; part?: SelectedPart } = {},
): Source {
  let next = beginOf(log, since);
  let missing: readonly MissingNode[] = [];
  let problem: string | null = null;

  const notes = () => {
    const { status } = log;
    const now = missingOf(part, status.missing);
    const fresh = now.filter(
      ({ nodeId, state }) =>
        !missing.some((before) => before.nodeId === nodeId && before.state === state),
    );
    const back = missing.filter(({ nodeId }) => !now.some((one) => one.nodeId === nodeId));
    missing = now;
    const detail = status.error && engineProblemFor(status.error, 'private').detail;
    const sentences = [
      ...back.map(({ name }) => `${name} is back.`),
      ...fresh.map(missingSentence),
      ...(detail !== null && detail !== problem ? [detail] : []),
    ];
    problem = detail;
    return sentences.map(textNote).join('');
  };

  return {
    subscribe: (notify) => log.subscribe(notify),
    take() {
      let text = notes();
      // A piece may have nothing of the part.
      do {
        const read = log.buffer.read(next, PIECE);
        next = read.next;
        const entries = entriesOf(read).filter(part.includes);
        text += lostNote(read.skipped, part);
        text += entries.map((entry) => entryText(entry, names())).join('');
      } while (text === '' && next < log.buffer.next);
      return text === '' ? null : encoder.encode(text);
    },
    isOver: () => log.status.state === 'ended',
  };
}

function missingOf(
  { nodeId }: SelectedPart,
  missing: readonly MissingNode[],
): readonly MissingNode[] {
  return nodeId === null ? missing : missing.filter((node) => node.nodeId === nodeId);
}

/** Lines that are gone can no longer be looked at for whether they were of the part. */
function lostNote(skipped: number, part: SelectedPart): string {
  if (skipped === 0) return '';
  const count = part === WHOLE_LOG ? skipped : `up to ${skipped}`;
  return textNote(`${count} lines were skipped: too slow a reader.`);
}

function entryText(entry: LogStreamEntry, names: LogNames): string {
  return entry.kind === 'line' ? textLine(entry, names) : textNote(entry.text);
}

/** What a whole log as text needs beside its lines. */
interface WholeText {
  missing: readonly MissingNode[];
  names: LogNames;
  part?: SelectedPart;
}

/**
 * Sends one stream the pieces of a log as text until it ends, and reads the next one only when the stream has taken this
 * one. A log of up to 5,000 lines, or a megabyte, is in order of time; of a larger one each task's lines are. `stop` ends the pieces.
 */
export function wholeText(
  pieces: AsyncIterator<LogEntry[]>,
  { missing, names, part = WHOLE_LOG }: WholeText,
  stop: () => void,
): Source {
  let ready: string[] = missingOf(part, missing).map((node) => textNote(missingSentence(node)));
  let isOver = false;
  let isReading = false;
  let notify = () => {};

  /** Up to `most` characters. */
  const read = async (most: number) => {
    const lines: LogLine[] = [];
    const notes: string[] = [];
    let size = 0;
    try {
      while (size < most) {
        const { value, done } = await pieces.next();
        if (done) {
          isOver = true;
          break;
        }
        for (const entry of value) {
          if (!part.includes(entry)) continue;
          size += entry.text.length + PER_LINE;
          if (entry.kind === 'line') lines.push(entry);
          else notes.push(textNote(entry.text));
        }
      }
    } catch (error) {
      isOver = true;
      const sentence = isEngineError(error)
        ? engineProblemFor(error, 'private').detail
        : 'The log could not be read to its end.';
      notes.push(textNote(sentence));
    }
    ready.push(...piecesOf([...inTimeOrder(lines).map((line) => textLine(line, names)), ...notes]));
    isReading = false;
    notify();
  };

  let most = ORDERED;
  return {
    subscribe(onMore) {
      notify = onMore;
      return () => {
        isOver = true;
        ready = [];
        stop();
      };
    },
    take() {
      const text = ready.shift();
      if (text === undefined && !isReading && !isOver) {
        isReading = true;
        void read(most);
        most = PIECE;
      }
      return text === undefined ? null : encoder.encode(text);
    },
    isOver: () => isOver && ready.length === 0,
  };
}

/** Joins texts to pieces of about `PIECE` characters. */
function piecesOf(texts: readonly string[]): string[] {
  const pieces: string[] = [];
  let piece: string[] = [];
  let size = 0;
  for (const text of texts) {
    piece.push(text);
    size += text.length;
    if (size < PIECE) continue;
    pieces.push(piece.join(''));
    piece = [];
    size = 0;
  }
  return size > 0 ? [...pieces, piece.join('')] : pieces;
}
