import type { LogMessage, MissingNode } from '@/lib/swarm/logs/messages';
import { LogReplay } from '@/lib/swarm/logs/replay';
import { missingSentence } from '@/lib/swarm/logs/target';
import type { NewListEntry } from './log-list';

/** How the followed log is, as the server reports it. */
export type LogState = Omit<Extract<LogMessage, { kind: 'state' }>, 'kind'>;

/** For this long after the log began anew, known lines can come again (ms). */
const SETTLE_MS = 30_000;
/** A note on a node that was missing at first waits this long for its place between the lines (ms). */
const PLACE_MS = 1000;
/** Notes that are remembered, as they come again too. */
const MAX_NOTES = 200;

/**
 * Makes entries of the messages of a log's stream. After the server has begun anew (it was restarted, or the browser was
 * away for long), lines that come again are left out, so that what is shown stays. A note says where a node's lines end,
 * and where they go on.
 */
export class LogIntake {
  readonly #replay = new LogReplay();
  readonly #notes = new Set<string>();
  #hasBegun = false;
  #settlesAt = 0;
  #missing: readonly MissingNode[] | null = null;
  /** Notes on nodes that were missing at first, for the place where their lines end. */
  #unplaced: { note: NewListEntry; since: string }[] = [];
  #placeBy = 0;

  /** The entries that a message brings. `now` in ms. */
  take(message: LogMessage, now: number): NewListEntry[] {
    if (message.kind === 'state') return this.#state(message.missing, now);
    if (message.kind === 'bye') return [];
    const { reset, skipped, entries } = message;
    if (reset && this.#hasBegun) {
      this.#replay.reopen();
      this.#settlesAt = now + SETTLE_MS;
    } else if (this.#settlesAt > 0 && now >= this.#settlesAt) {
      this.#replay.settle();
      this.#notes.clear();
      this.#settlesAt = 0;
    }
    this.#hasBegun = true;
    const added: NewListEntry[] = this.due(now);
    if (skipped > 0) added.push(noteOf(skippedText(skipped)));
    for (const entry of entries) {
      if (entry.kind === 'note') {
        if (this.#isNewNote(entry)) added.push(noteOf(entry.text, entry.taskId));
        continue;
      }
      const novelty = this.#replay.take(entry);
      if (novelty === 'known') continue;
      added.push(...this.#before(entry.time));
      if (novelty === 'after a gap') added.push(noteOf(LINES_LOST, entry.taskId));
      const { n: _, ...line } = entry;
      added.push(line);
    }
    return added;
  }

  /** Notes that no line has given a place to for a while. */
  due(now: number): NewListEntry[] {
    if (this.#unplaced.length === 0 || now < this.#placeBy) return [];
    const notes = this.#unplaced.map(({ note }) => note);
    this.#unplaced = [];
    return notes;
  }

  #state(missing: readonly MissingNode[], now: number): NewListEntry[] {
    const before = this.#missing;
    this.#missing = missing;
    const isSame = (a: MissingNode, b: MissingNode) => a.nodeId === b.nodeId && a.state === b.state;
    const gone = missing.filter((node) => !before?.some((one) => isSame(one, node)));
    const back = (before ?? []).filter(
      ({ nodeId }) => !missing.some((one) => one.nodeId === nodeId),
    );
    if (!before) {
      this.#placeBy = now + PLACE_MS;
      this.#unplaced = gone.map((node) => ({
        note: noteOf(missingSentence(node)),
        since: new Date(node.since ?? 0).toISOString(),
      }));
      return [];
    }
    return [
      ...back.map(({ name }) => noteOf(`${name} is back.`)),
      ...gone.map((node) => noteOf(missingSentence(node))),
    ];
  }

  /** Notes whose place is before a line of this time. */
  #before(time: string): NewListEntry[] {
    if (this.#unplaced.length === 0) return [];
    const placed = this.#unplaced.filter(({ since }) => since < time);
    if (placed.length > 0) this.#unplaced = this.#unplaced.filter((one) => !placed.includes(one));
    return placed.map(({ note }) => note);
  }

  #isNewNote({ text, taskId }: { text: string; taskId: string | null }): boolean {
    const key = `${taskId ?? ''} ${text}`;
    const isNew = this.#settlesAt === 0 || !this.#notes.has(key);
    if (this.#notes.size < MAX_NOTES) this.#notes.add(key);
    return isNew;
  }
}

const LINES_LOST = 'Some lines of this task are missing here.';

function noteOf(text: string, taskId: string | null = null): NewListEntry {
  return { kind: 'note', text, taskId };
}

function skippedText(count: number): string {
  return `${count} ${count === 1 ? 'line is' : 'lines are'} missing here: they came faster than this page could receive them.`;
}
