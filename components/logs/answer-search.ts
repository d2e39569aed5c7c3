import { refusalOf } from '@/lib/client/log-connection';
import type { MissingNode } from '@/lib/swarm/logs/messages';
import { entryOfText, ExcerptSearch, type TextSearch } from './log-excerpt';
import type { NewListEntry } from './log-list';
import { LogSearch } from './log-search';
import type { LogSession, LogSnapshot } from './log-session';
import { rangeOfAnswer, textPath, type LogOf, type WantedAnswer } from './log-target';
import { noLineWords } from './log-words';

/** What the search for an answer's line has found so far. */
export type AnswerLine =
  | { state: 'waiting' | 'reading' }
  | { state: 'found'; id: number }
  | { state: 'none'; why: string };

/** A search in the whole log ends after this time (ms). */
const TIMEOUT_MS = 30_000;

type Wanted = { of: LogOf; find: string; answer: WantedAnswer };
type Session = Pick<LogSession, 'current' | 'addOlder'> & {
  subscribe(listener: () => void): () => void;
};

/**
 * Finds the line of a run's answer: among the lines that are shown, or, when they do not reach back to it, in the whole log
 * of its task. What it finds there is added above the lines.
 */
export class AnswerSearch {
  readonly #wanted: Wanted;
  readonly #session: Session;
  readonly #listeners = new Set<() => void>();
  #line: AnswerLine = { state: 'waiting' };
  #leave = () => {};

  constructor(wanted: Wanted, session: Session) {
    this.#wanted = wanted;
    this.#session = session;
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      this.#leave = this.#session.subscribe(() => this.#look());
      this.#look();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#leave();
    };
  };

  readonly current = () => this.#line;

  #set(line: AnswerLine): void {
    this.#line = line;
    for (const listener of this.#listeners) listener();
  }

  #look(): void {
    if (this.#line.state !== 'waiting') return;
    const snapshot = this.#session.current();
    const id = latestMatch(this.#wanted.find, snapshot);
    if (id !== null) return this.#set({ state: 'found', id });
    if (!snapshot.hasHistory) return;
    this.#set({ state: 'reading' });
    void this.#read();
  }

  async #read(): Promise<void> {
    const { of, find, answer } = this.#wanted;
    const result = await readWhole(of, find, answer);
    const now = this.#session.current();
    // It may have come meanwhile.
    const late = latestMatch(find, now);
    if (late !== null) return this.#set({ state: 'found', id: late });
    if (!('problem' in result) && result.excerpt) {
      const { lines, at } = result.excerpt;
      const entries = [BEFORE, ...lines.map(entryOfText), AFTER];
      return this.#set({ state: 'found', id: this.#session.addOlder(entries) + at + 1 });
    }
    this.#set({ state: 'none', why: whyNone(result, answer, now.log?.missing ?? []) });
  }
}

const searchOf = (query: string) =>
  new LogSearch({ query, taskId: null, nodeId: null, matchesOnly: false });

function latestMatch(find: string, { blocks }: Pick<LogSnapshot, 'blocks'>): number | null {
  const search = searchOf(find);
  const block = blocks.findLast((one) => search.matches(one).length > 0);
  return (block && search.matches(block).at(-1)) ?? null;
}

type ReadResult = TextSearch | { problem: string; removed: boolean };

/** Searches the log of the task that answered, or of the whole service where that is unknown. */
async function readWhole(of: LogOf, find: string, answer: WantedAnswer): Promise<ReadResult> {
  const from = answer.taskId === null ? of : { task: answer.taskId };
  // What is read first; without a line there, all is read.
  const recent = await readText(textPath(from, { range: rangeOfAnswer(answer) }), find);
  // A node's clock may be wrong by more.
  const isEnough = 'problem' in recent || recent.excerpt !== null;
  return isEnough ? recent : readText(textPath(from), find);
}

async function readText(path: `api/${string}`, find: string): Promise<ReadResult> {
  const pattern = searchOf(find);
  const search = new ExcerptSearch((line) => pattern.parts(line).some(({ isMatch }) => isMatch));
  try {
    const response = await fetch(path, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      cache: 'no-store',
    });
    const refusal = await refusalOf(response);
    if (refusal) {
      const { detail, kind, next = '' } = refusal.problem;
      return { problem: `${detail} ${next}`.trim(), removed: kind === 'not-found' };
    }
    const pieces = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await pieces?.read(); piece && !piece.done; piece = await pieces?.read()) {
      if (!search.push(piece.value)) continue;
      void pieces?.cancel();
      break;
    }
  } catch {
    // What was read until then may have it.
    if (!search.result.excerpt) {
      return { problem: 'The log could not be read to its end.', removed: false };
    }
  }
  return search.result;
}

function whyNone(
  result: ReadResult,
  answer: WantedAnswer,
  missing: readonly MissingNode[],
): string {
  if ('problem' in result && !result.removed) return result.problem;
  return noLineWords({ answer, missing, search: 'problem' in result ? null : result });
}

const BEFORE: NewListEntry = {
  kind: 'note',
  text: 'From the whole log: the line of the answer, and those around it.',
  taskId: null,
};
const AFTER: NewListEntry = {
  kind: 'note',
  text: 'Lines between these and the next ones are not shown.',
  taskId: null,
};
