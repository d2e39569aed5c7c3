import { LogFrames, type LogFormatError, type LogFrame } from './frames';
import { GrowingBytes } from './growing-bytes';
import { logText } from './log-text';

/** One line of a task. */
export interface LogLine {
  kind: 'line';
  /** When it was written, by the clock of the task's node: always `2026-01-01T12:00:00.000000000Z`, so it sorts as text. */
  time: string;
  taskId: string;
  nodeId: string;
  stream: 'stdout' | 'stderr';
  /** Without control characters. */
  text: string;
  /** It is longer; the rest was left out. */
  cut: boolean;
}

/** What the engine could not return: `incomplete log stream …`. */
export interface LogFailure {
  kind: 'failure';
  text: string;
}

export type LogEntry = LogLine | LogFailure;

/** Most bytes of a line that are kept. */
export const MAX_LINE_BYTES = 16_384;
/** Most unfinished lines that are held: one per task and stream. */
const MAX_UNFINISHED = 64;
/** Most characters of the engine's own errors. */
const MAX_FAILURE = 600;

/** The time and the details in front of what a task wrote, as `timestamps=1&details=1` has them. */
const PREFIX = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) (\S*) /;
/** The prefix has some hundred bytes, and more with labels or variables of the log driver. */
const MAX_PREFIX = 8192;
const SPACE = 32;
const NEWLINE = 10;

interface Unfinished extends Omit<LogLine, 'kind' | 'text'> {
  bytes: GrowingBytes;
  /** It was too long and has been returned; the rest of it is left out. */
  isReturned: boolean;
}

/** Reads the lines of a log stream of the engine that was requested with `timestamps=1&details=1`. */
export class LogReader {
  readonly #frames = new LogFrames();
  /** Docker splits a long line; its parts are joined by task and stream. */
  readonly #unfinished = new Map<string, Unfinished>();

  /** Why nothing can be read from here on; null: it can. */
  get error(): LogFormatError | null {
    return this.#frames.error;
  }

  /** Returns what is complete with this chunk, up to what is no log (`error`). */
  push(chunk: Uint8Array): LogEntry[] {
    return this.#frames.push(chunk).flatMap((frame) => this.#read(frame));
  }

  /** Returns what is left at the stream's end: lines without their end. */
  end(): LogEntry[] {
    const last = this.#frames.end().flatMap((frame) => this.#read(frame));
    return [...last, ...this.#flush(0)];
  }

  #read(frame: LogFrame): LogEntry[] {
    const line = this.#readWhole(frame);
    return line ? [line] : this.#readPart(frame);
  }

  /** The usual frame: a short line as a whole, decoded at once. Null if it is another. */
  #readWhole({ stream, bytes, cut }: LogFrame): LogLine | null {
    if (stream === 'error' || cut || bytes.length > MAX_LINE_BYTES || bytes.at(-1) !== NEWLINE) {
      return null;
    }
    const whole = decoder.decode(bytes);
    const prefix = prefixIn(whole);
    if (!prefix || prefix.length > MAX_PREFIX) return null;
    const { time, taskId, nodeId, length } = prefix;
    if (this.#unfinished.size > 0 && this.#unfinished.has(`${stream} ${taskId}`)) return null;
    const text = logText(whole.slice(length));
    return { kind: 'line', time, taskId, nodeId, stream, text, cut: false };
  }

  #readPart({ stream, bytes, cut }: LogFrame): LogEntry[] {
    const prefix = stream === 'error' ? null : prefixOf(bytes);
    if (stream === 'error' || !prefix) return [failure(bytes)];
    const { time, taskId, nodeId, length } = prefix;
    const key = `${stream} ${taskId}`;
    const line = this.#unfinished.get(key) ?? {
      time,
      taskId,
      nodeId,
      stream,
      cut: false,
      bytes: new GrowingBytes(),
      isReturned: false,
    };
    const rest = bytes.subarray(length);
    const part = rest.subarray(0, line.isReturned ? 0 : MAX_LINE_BYTES - line.bytes.length);
    line.bytes.push(part);
    // The line's end alone is not worth the mark.
    line.cut ||= cut || logLength(rest) > part.length;
    const isReturned = line.isReturned;
    if (bytes.at(-1) === NEWLINE || cut) this.#unfinished.delete(key);
    else if (!line.cut) {
      this.#unfinished.set(key, line);
      return this.#flush(MAX_UNFINISHED);
    } else this.#unfinished.set(key, { ...line, isReturned: true });
    return isReturned ? [] : [finished(line)];
  }

  /** Ends the oldest unfinished lines until this many are left. */
  #flush(most: number): LogLine[] {
    const lines: LogLine[] = [];
    for (const [key, line] of this.#unfinished) {
      if (this.#unfinished.size <= most) break;
      this.#unfinished.delete(key);
      if (!line.isReturned) lines.push(finished(line));
    }
    return lines;
  }
}

const decoder = new TextDecoder();

function finished({ time, taskId, nodeId, stream, bytes, cut }: Unfinished): LogLine {
  const text = logText(decoder.decode(bytes.take()));
  return { kind: 'line', time, taskId, nodeId, stream, text, cut };
}

function failure(bytes: Uint8Array): LogFailure {
  const text = decoder.decode(bytes.subarray(0, 4 * MAX_FAILURE));
  return { kind: 'failure', text: logText(text).slice(0, MAX_FAILURE) };
}

function logLength(bytes: Uint8Array): number {
  return bytes.at(-1) === NEWLINE ? bytes.length - 1 : bytes.length;
}

interface Prefix {
  time: string;
  taskId: string;
  nodeId: string;
  /** In characters; in bytes where the prefix alone was decoded. */
  length: number;
}

/** Null if there is none: the engine's own error in the log of a terminal. */
function prefixOf(bytes: Uint8Array): Prefix | null {
  const first = bytes.indexOf(SPACE);
  const second = first < 0 ? -1 : bytes.indexOf(SPACE, first + 1);
  if (second < 0 || second > MAX_PREFIX) return null;
  const prefix = prefixIn(decoder.decode(bytes.subarray(0, second + 1)));
  return prefix && { ...prefix, length: second + 1 };
}

function prefixIn(text: string): Prefix | null {
  const [all = '', seconds = '', fraction = '', zone = '', details = ''] = PREFIX.exec(text) ?? [];
  const utc = zone === 'Z' ? seconds : inUtc(seconds + zone);
  if (seconds === '' || utc === null) return null;
  const time = `${utc}.${fraction.padEnd(9, '0')}Z`;
  return { time, ...idsOf(details), length: all.length };
}

type Ids = Pick<Prefix, 'taskId' | 'nodeId'>;

/** The ids in the details of late: each task's lines have the same. */
const knownIds = new Map<string, Ids>();
const MAX_KNOWN = 200;
/** Details with labels and variables can be long. */
const MAX_KNOWN_LENGTH = 500;

function idsOf(details: string): Ids {
  const known = knownIds.get(details);
  if (known) return known;
  const values = new Map(
    details.split(',').map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)] as const;
    }),
  );
  const ids = {
    taskId: values.get('com.docker.swarm.task.id') ?? '',
    nodeId: values.get('com.docker.swarm.node.id') ?? '',
  };
  if (knownIds.size >= MAX_KNOWN) knownIds.clear();
  if (details.length <= MAX_KNOWN_LENGTH) knownIds.set(details, ids);
  return ids;
}

/** Null if it is no time. */
function inUtc(text: string): string | null {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString().slice(0, 19);
}
