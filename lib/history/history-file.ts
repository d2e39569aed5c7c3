import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, truncate, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { historyRecordSchema, type HistoryRecord } from '../swarm/history-records';
import { lockFolder, type FolderLock } from './folder-lock';

/**
 * The recorded history in a file: a line of JSON per record, after a line with the format's version. It is only
 * appended to, so a process that is killed leaves at most one incomplete line, the last. When the file is large it
 * is written anew to a second file, which then replaces it (docs/decisions/016).
 */

/** The format's version; files of others are put aside. */
const HEADER = { format: 'clusterhat-history', version: 1 } as const;
const HEADER_LINE = `${JSON.stringify(HEADER)}\n`;
/** Longer first lines are of no history (bytes). */
const MAX_HEADER = 1000;
const NAME = 'history.jsonl';
/** Names and errors of a swarm are not for every user of the machine. */
const MODE = 0o600;
/** Rewritten when it has this size, or twice the size after the last time (bytes). */
const MAX_SIZE = 16_000_000;
const MIN_REWRITE_SIZE = 1_000_000;
/** A larger file is put aside without reading it: it may not fit into memory (bytes). */
const MOST_READ = 4 * MAX_SIZE;
/** With more damaged lines the rest of the file is not read: each takes long. */
const MAX_DAMAGED = 1000;
/** Longer lines are not read (characters): a view of thousands of tasks has some millions. */
const MAX_LINE = 32_000_000;
/** Maximum of records that wait for a slow disk (characters). */
const MAX_QUEUE = 4_000_000;
/** How often the disk is asked to keep what was written (ms): a power cut loses no more than that. */
const SYNC_MS = 5000;
/** Wait after a failure (ms). */
const RETRY_MS = 60_000;
/** Lines written at a time (characters). */
const BATCH = 256_000;

const TAKEN = 'another dashboard has taken the folder';

/** What a history file needs from outside. */
export interface HistoryFileOptions {
  /** Receives one sentence about what happened to the file. */
  report: (level: 'info' | 'warn', message: string) => void;
  /** All records, for writing the file anew. */
  records: () => HistoryRecord[];
  /** Called for each record that is read. */
  onProgress?: () => void;
  /** For tests. */
  retryMs?: number;
  maxSize?: number;
}

/** Appends records to a file. Never throws: while the file cannot be written, that is reported once and tried again. */
export class HistoryFile {
  readonly #folder: string;
  readonly #path: string;
  readonly #lock: FolderLock;
  readonly #options: HistoryFileOptions;
  #handle: FileHandle | null = null;
  #size = 0;
  /** The file's size when it was last written anew (bytes). */
  #wholeSize = 0;
  #queue: string[] = [];
  #queueSize = 0;
  /** What follows on disk is incomplete until the file was written anew. */
  #mustRewrite = false;
  #putAside = false;
  #failed = false;
  #writing: Promise<void> | null = null;
  #syncedAt = 0;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(folder: string, lock: FolderLock, options: HistoryFileOptions) {
    this.#folder = folder;
    this.#path = join(folder, NAME);
    this.#lock = lock;
    this.#options = options;
  }

  /**
   * Opens the file of a folder and reads what is in it. Null, after a report, if the folder cannot be used.
   */
  static async open(
    folder: string,
    options: HistoryFileOptions,
  ): Promise<{ file: HistoryFile; records: HistoryRecord[] } | null> {
    const { report } = options;
    const memory = 'the history is kept in memory only';
    let lock: FolderLock | null = null;
    try {
      // Not its parents: a volume that is missing should not be replaced by a folder.
      await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
      lock = await lockFolder(folder);
      if (!lock) {
        report('warn', `another dashboard keeps its history in ${folder}: here ${memory}.`);
        return null;
      }
      const file = new HistoryFile(folder, lock, options);
      const records = await file.#read();
      file.#handle = await open(file.#path, 'a', MODE);
      file.#size = (await file.#handle.stat()).size;
      file.#wholeSize = file.#size;
      if (file.#size === 0) file.#add(HEADER_LINE);
      return { file, records };
    } catch (error) {
      lock?.release();
      report('warn', `${whyNot(error, folder)}: ${memory}.`);
      return null;
    }
  }

  /** Adds a record. It is in the file when `written` resolves. */
  add(record: HistoryRecord): void {
    if (this.#closed || this.#failed) return;
    if (this.#queueSize > MAX_QUEUE) this.#mustRewrite = true;
    else this.#add(`${JSON.stringify(record)}\n`);
    this.#write();
  }

  /** Writes the file anew. `putAside`: what it had is kept beside it, as it does not belong to what follows. */
  replace(putAside: boolean): void {
    this.#mustRewrite = true;
    this.#putAside ||= putAside;
    if (!this.#closed && !this.#failed) this.#write();
  }

  /** Resolves when everything that was added before is in the file, or has failed. */
  async written(): Promise<void> {
    while (this.#writing) await this.#writing.catch(() => {});
  }

  /** Writes what is left, and unlocks the folder. */
  async close(): Promise<void> {
    await this.written();
    this.#closed = true;
    clearTimeout(this.#retry);
    try {
      await this.#handle?.datasync();
      await this.#handle?.close();
    } catch {
      // Reported when it was written.
    }
    this.#lock.release();
  }

  #add(line: string): void {
    this.#queue.push(line);
    this.#queueSize += line.length;
  }

  #write(): void {
    this.#writing ??= this.#writeQueue().finally(() => {
      this.#writing = null;
      this.#writeRest();
    });
  }

  async #writeQueue(): Promise<void> {
    try {
      const tooLarge = this.#size >= this.#rewriteAt();
      if (this.#mustRewrite || tooLarge) await this.#rewrite();
      const text = this.#takeQueue();
      if (text === '' || !this.#handle) return;
      if (!this.#lock.holds()) throw new Error(TAKEN);
      await this.#handle.appendFile(text);
      this.#size += Buffer.byteLength(text);
      if (Date.now() - this.#syncedAt >= SYNC_MS) {
        await this.#handle.datasync();
        this.#syncedAt = Date.now();
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The size at which the file is written anew. Above `maxSize` it has to grow by a quarter, as otherwise each record would cause it. */
  #rewriteAt(): number {
    const twice = Math.max(MIN_REWRITE_SIZE, 2 * this.#wholeSize);
    return Math.max(Math.min(twice, this.#options.maxSize ?? MAX_SIZE), 1.25 * this.#wholeSize);
  }

  #takeQueue(): string {
    const text = this.#queue.join('');
    this.#queue = [];
    this.#queueSize = 0;
    return text;
  }

  #fail(error: unknown): void {
    this.#options.report(
      'warn',
      `${whyNot(error, this.#folder)}: the history is kept in memory, and written when that works again.`,
    );
    this.#retryLater();
  }

  #retryLater(): void {
    this.#failed = this.#mustRewrite = true;
    this.#takeQueue();
    this.#retry = setTimeout(() => void this.#tryAgain(), this.#options.retryMs ?? RETRY_MS);
    this.#retry.unref();
  }

  async #tryAgain(): Promise<void> {
    if (this.#closed) return;
    // What is recorded meanwhile waits in the queue.
    this.#failed = false;
    try {
      await (this.#writing = this.#rewrite());
      this.#options.report('info', `the history is written to ${this.#folder} again.`);
    } catch {
      this.#retryLater();
    } finally {
      this.#writing = null;
      this.#writeRest();
    }
  }

  #writeRest(): void {
    if (!this.#failed && (this.#queue.length > 0 || this.#mustRewrite)) this.#write();
  }

  /** Writes all records to a second file, which then replaces the first. */
  async #rewrite(): Promise<void> {
    if (!this.#lock.holds()) throw new Error(TAKEN);
    this.#takeQueue();
    this.#mustRewrite = false;
    const records = this.#options.records();
    const path = `${this.#path}.new`;
    const handle = await open(path, 'w', MODE);
    try {
      let size = 0;
      let batch = HEADER_LINE;
      const flush = async () => {
        await handle.appendFile(batch);
        size += Buffer.byteLength(batch);
        batch = '';
      };
      for (const record of records) {
        batch += `${JSON.stringify(record)}\n`;
        if (batch.length >= BATCH) await flush();
      }
      await flush();
      await handle.datasync();
      if (this.#putAside) await rename(this.#path, `${this.#path}.old`).catch(() => {});
      this.#putAside = false;
      await rename(path, this.#path);
      await syncFolder(this.#folder);
      await this.#handle?.close().catch(() => {});
      this.#handle = handle;
      this.#size = size;
      this.#wholeSize = size;
    } catch (error) {
      await handle.close().catch(() => {});
      await rm(path, { force: true }).catch(() => {});
      throw error;
    }
  }

  async #setAside(what: string): Promise<HistoryRecord[]> {
    this.#options.report('warn', `${this.#path} ${what}, and is put aside as ${NAME}.old.`);
    await rename(this.#path, `${this.#path}.old`);
    return [];
  }

  /** The file's records. An incomplete last line is cut off, a damaged one left out. */
  async #read(): Promise<HistoryRecord[]> {
    const size = await stat(this.#path).then(
      (file) => file.size,
      () => 0,
    );
    if (size === 0) return [];
    if (size > MOST_READ) return this.#setAside('is too large to be a history');
    const foreign = await whyForeign(this.#path);
    if (foreign !== null) return this.#setAside(foreign);
    const complete = await endOfLastLine(this.#path, size);
    if (complete < size) await truncate(this.#path, complete);
    if (complete === 0) return [];
    const records: HistoryRecord[] = [];
    let damaged = 0;
    const { onProgress } = this.#options;
    let isHeader = true;
    const input = createReadStream(this.#path, { encoding: 'utf8' });
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      onProgress?.();
      if (isHeader) {
        isHeader = false;
        continue;
      }
      const record = recordOf(line);
      if (record) records.push(record);
      else if (++damaged > MAX_DAMAGED) {
        input.destroy();
        this.#mustRewrite = true;
        await this.#setAside(`has more than ${MAX_DAMAGED} damaged lines`);
        return records;
      }
    }
    if (damaged > 0) {
      this.#mustRewrite = true;
      this.#options.report('warn', `${damaged} lines of ${this.#path} are damaged and left out.`);
    }
    return records;
  }
}

/** The position after the last line break of a file. */
async function endOfLastLine(path: string, size: number): Promise<number> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(64 * 1024);
    for (let end = size; end > 0;) {
      const start = Math.max(0, end - buffer.length);
      const { bytesRead } = await handle.read(buffer, 0, end - start, start);
      const at = buffer.subarray(0, bytesRead).lastIndexOf(10);
      if (at >= 0) return start + at + 1;
      end = start;
    }
    return 0;
  } finally {
    await handle.close();
  }
}

/** Why a file is not a history that can be continued, as the rest of a sentence; null if it is one, or the start of one. */
async function whyForeign(path: string): Promise<string | null> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EACCES') return null;
    throw error;
  });
  if (!handle) return 'may not be read by this user';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_HEADER), 0, MAX_HEADER, 0);
    const start = buffer.toString('utf8', 0, bytesRead);
    const [line = '', rest] = start.split('\n', 2);
    if (rest === undefined) return HEADER_LINE.startsWith(start) ? null : 'is no history';
    const version = versionOf(line);
    if (version === HEADER.version) return null;
    return version === null ? 'is no history' : `is of version ${version}`;
  } finally {
    await handle.close();
  }
}

/** The version in a file's first line; null if it is of another format. */
function versionOf(line: string): number | null {
  try {
    const header = JSON.parse(line) as { format?: unknown; version?: unknown } | null;
    const isOurs = header?.format === HEADER.format && typeof header.version === 'number';
    return isOurs ? (header.version as number) : null;
  } catch {
    return null;
  }
}

function recordOf(line: string): HistoryRecord | null {
  if (line.length > MAX_LINE) return null;
  try {
    return historyRecordSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** Makes the renaming permanent; not every file system supports that. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The renaming itself is atomic.
  }
}

/** Why a folder cannot be used, as the start of a sentence. */
function whyNot(error: unknown, folder: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return `there is no folder ${folder}`;
    case 'ENOTDIR':
      return `${folder} is no folder`;
    case 'EACCES':
    case 'EPERM':
      return `this user may not write to ${folder}`;
    case 'EROFS':
      return `${folder} is read-only`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `there is no space left in ${folder}`;
    default:
      return `${folder} cannot be used (${code ?? message})`;
  }
}
