/** A line of the list. */
export interface ListLine {
  readonly kind: 'line';
  /** Rises with each entry of the list. */
  readonly id: number;
  /** When it was written, by its node's clock, as the engine prints it. */
  readonly time: string;
  readonly taskId: string;
  readonly nodeId: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  /** The rest was left out. */
  readonly cut: boolean;
}

/** A sentence in place of lines that are missing. */
export interface ListNote {
  readonly kind: 'note';
  readonly id: number;
  readonly text: string;
  /** The task that it is about; null: none or several. */
  readonly taskId: string | null;
}

export type ListEntry = ListLine | ListNote;

/** An entry that has no place in the list yet. */
export type NewListEntry = Omit<ListLine, 'id'> | Omit<ListNote, 'id'>;

/** Some entries that follow each other. A block does not change: one that grows is replaced. */
export interface EntryBlock {
  /** The id of its first entry. */
  readonly key: number;
  readonly entries: readonly ListEntry[];
}

/** How much a list holds. */
export interface ListLimits {
  entries: number;
  /** Of all texts. */
  characters: number;
  /** Entries of a block. */
  block: number;
}

const LIMITS: ListLimits = { entries: 5000, characters: 2_000_000, block: 25 };
/** Characters that an entry costs beside its text. */
const PER_ENTRY = 100;

/** What a page shows of a list. */
export interface ListSnapshot {
  readonly blocks: readonly EntryBlock[];
  readonly following: boolean;
  /** Entries that have come since the list was paused. */
  readonly waiting: number;
  /** Entries that are not held any more. */
  readonly dropped: number;
  /** Entries that are shown. */
  readonly count: number;
}

/**
 * The entries that a page shows. While it is paused, what is shown does not change, and new entries wait: at most as many
 * as are shown, of which the oldest are dropped first.
 */
export class LogList {
  readonly #limits: ListLimits;
  #blocks: EntryBlock[] = [];
  #count = 0;
  #characters = 0;
  #dropped = 0;
  #nextId = 1;
  /** The ids of older entries go down from here. */
  #firstId = 0;
  #following = true;
  #waiting: NewListEntry[] = [];
  #waitingCharacters = 0;
  /** Of the waiting ones. */
  #lost = 0;

  constructor(limits: ListLimits = LIMITS) {
    this.#limits = limits;
  }

  get snapshot(): ListSnapshot {
    return {
      blocks: this.#blocks,
      following: this.#following,
      waiting: this.#waiting.length + this.#lost,
      dropped: this.#dropped,
      count: this.#count,
    };
  }

  add(entries: readonly NewListEntry[]): void {
    if (this.#following) this.#show(entries);
    else this.#wait(entries);
  }

  /**
   * Adds entries before the oldest one, a block of their own, also while the list is paused. Returns the id of the first
   * of them; those after it follow.
   */
  addOlder(entries: readonly NewListEntry[]): number {
    const first = this.#firstId - entries.length + 1;
    this.#firstId -= entries.length;
    if (entries.length === 0) return first;
    const numbered = entries.map((entry, at): ListEntry => ({ ...entry, id: first + at }));
    this.#blocks = [{ key: first, entries: numbered }, ...this.#blocks];
    this.#count += entries.length;
    for (const entry of entries) this.#characters += sizeOf(entry);
    return first;
  }

  pause(): void {
    this.#following = false;
  }

  /** Shows what has waited, and then what comes. */
  follow(): void {
    if (this.#following) return;
    this.#following = true;
    const waiting = this.#waiting;
    const lost = this.#lost;
    this.#waiting = [];
    this.#waitingCharacters = 0;
    this.#lost = 0;
    this.#dropped += lost;
    if (lost > 0) this.#show([{ kind: 'note', text: lostText(lost), taskId: null }]);
    this.#show(waiting);
  }

  #wait(entries: readonly NewListEntry[]): void {
    for (const entry of entries) {
      this.#waiting.push(entry);
      this.#waitingCharacters += sizeOf(entry);
    }
    const { entries: most, characters } = this.#limits;
    let first = 0;
    while (this.#waiting.length - first > most || this.#waitingCharacters > characters) {
      const oldest = this.#waiting[first];
      if (!oldest) break;
      this.#waitingCharacters -= sizeOf(oldest);
      first += 1;
    }
    if (first > 0) this.#waiting = this.#waiting.slice(first);
    this.#lost += first;
  }

  #show(entries: readonly NewListEntry[]): void {
    if (entries.length === 0) return;
    // A new array, by which the page notices the change.
    const blocks = [...this.#blocks];
    let at = 0;
    while (at < entries.length) {
      const last = blocks.at(-1);
      const room = last ? this.#limits.block - last.entries.length : 0;
      const taken = entries.slice(at, at + (room > 0 ? room : this.#limits.block));
      const numbered = taken.map((entry): ListEntry => ({ ...entry, id: this.#nextId++ }));
      if (last && room > 0) {
        blocks[blocks.length - 1] = { key: last.key, entries: [...last.entries, ...numbered] };
      } else blocks.push({ key: numbered[0]?.id ?? 0, entries: numbered });
      at += taken.length;
      this.#count += taken.length;
      for (const entry of taken) this.#characters += sizeOf(entry);
    }
    this.#blocks = this.#trim(blocks);
  }

  /** Drops the oldest blocks; never the last one. */
  #trim(blocks: EntryBlock[]): EntryBlock[] {
    const { entries: most, characters } = this.#limits;
    let first = 0;
    while (first < blocks.length - 1 && (this.#count > most || this.#characters > characters)) {
      for (const entry of blocks[first]?.entries ?? []) {
        this.#count -= 1;
        this.#dropped += 1;
        this.#characters -= sizeOf(entry);
      }
      first += 1;
    }
    return blocks.slice(first);
  }
}

/** The entry of an id; null if it is not held. */
export function entryOf(blocks: readonly EntryBlock[], id: number): ListEntry | null {
  const block = blocks.findLast(({ key }) => key <= id);
  return block?.entries.find((entry) => entry.id === id) ?? null;
}

function sizeOf({ text }: NewListEntry): number {
  return text.length + PER_ENTRY;
}

function lostText(count: number): string {
  return `${count} ${count === 1 ? 'line' : 'lines'} that came while the list was paused ${count === 1 ? 'is' : 'are'} missing here: this page holds only the latest.`;
}
