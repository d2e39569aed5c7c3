import { ERROR_KINDS, type Answer } from '@/lib/curl/run';

/** Bytes per answer without names. 20 runs of 6,000 answers take 3.4 MB; as objects 30 MB. */
export const BYTES_PER_ANSWER = 5 * 4 + 3 * 2 + 2;
/** Maximum names per run, so that a service that invents one for each answer cannot fill the memory. */
export const MAX_NAMES = 1000;

/** Times are stored in hundredths of a millisecond: as exact as answers are. */
const UNIT = 100;
/** Stands for null in unsigned 32-bit and 16-bit numbers. */
const NONE_32 = 0xff_ff_ff_ff;
const NONE_16 = 0xff_ff;

/** The answers of one run in typed arrays, in order of arrival. */
export class AnswerStore {
  readonly #at: Uint32Array;
  readonly #lag: Uint32Array;
  readonly #ms: Uint32Array;
  readonly #connectMs: Uint32Array;
  readonly #firstByteMs: Uint32Array;
  readonly #n: Uint16Array;
  readonly #status: Uint16Array;
  readonly #identity: Uint16Array;
  readonly #error: Uint8Array;
  readonly #entry: Uint8Array;
  /** Task and container of the answers; most answers share a few pairs. */
  readonly #names: { taskId: string | null; container: string | null }[] = [];
  readonly #nameIndex = new Map<string, number>();
  readonly #entryNodeIds: readonly string[];
  #length = 0;

  /** Room for `capacity` answers (at most 65,534) that entered at these nodes (at most 255). */
  constructor(capacity: number, entryNodeIds: readonly string[]) {
    this.#at = new Uint32Array(capacity);
    this.#lag = new Uint32Array(capacity);
    this.#ms = new Uint32Array(capacity);
    this.#connectMs = new Uint32Array(capacity);
    this.#firstByteMs = new Uint32Array(capacity);
    this.#n = new Uint16Array(capacity);
    this.#status = new Uint16Array(capacity);
    this.#identity = new Uint16Array(capacity);
    this.#error = new Uint8Array(capacity);
    this.#entry = new Uint8Array(capacity);
    this.#entryNodeIds = entryNodeIds;
  }

  /** Number of stored answers. */
  get length(): number {
    return this.#length;
  }

  /** Stores an answer. Throws when there is no room left. */
  push(answer: Answer): void {
    const i = this.#length;
    if (i >= this.#n.length) throw new RangeError('a run has no more answers than requests');
    this.#length += 1;
    this.#n[i] = answer.n;
    this.#at[i] = units(answer.at);
    this.#lag[i] = units(answer.lag);
    this.#ms[i] = units(answer.ms);
    this.#connectMs[i] = answer.connectMs === null ? NONE_32 : units(answer.connectMs);
    this.#firstByteMs[i] = answer.firstByteMs === null ? NONE_32 : units(answer.firstByteMs);
    this.#status[i] = answer.status ?? NONE_16;
    this.#error[i] = answer.error === null ? 0 : ERROR_KINDS.indexOf(answer.error) + 1;
    this.#entry[i] = Math.max(0, this.#entryNodeIds.indexOf(answer.entryNodeId));
    this.#identity[i] = this.#nameOf(answer);
  }

  #nameOf({ taskId, container }: Answer): number {
    if (taskId === null && container === null) return NONE_16;
    const key = JSON.stringify([taskId, container]);
    const known = this.#nameIndex.get(key);
    if (known !== undefined) return known;
    if (this.#names.length >= MAX_NAMES) return NONE_16;
    this.#nameIndex.set(key, this.#names.length);
    return this.#names.push({ taskId, container }) - 1;
  }

  /** The answers from index `from` up to `to` in order of arrival, clamped to what is there. */
  slice(from: number, to: number): Answer[] {
    const answers: Answer[] = [];
    for (let i = Math.max(0, from); i < Math.min(to, this.#length); i++)
      answers.push(this.#read(i));
    return answers;
  }

  #read(i: number): Answer {
    const identity = this.#names[this.#identity[i] ?? NONE_16];
    const status = this.#status[i] ?? NONE_16;
    return {
      n: this.#n[i] ?? 0,
      at: (this.#at[i] ?? 0) / UNIT,
      lag: (this.#lag[i] ?? 0) / UNIT,
      entryNodeId: this.#entryNodeIds[this.#entry[i] ?? 0] ?? '',
      taskId: identity?.taskId ?? null,
      container: identity?.container ?? null,
      status: status === NONE_16 ? null : status,
      error: ERROR_KINDS[(this.#error[i] ?? 0) - 1] ?? null,
      ms: (this.#ms[i] ?? 0) / UNIT,
      connectMs: orNull(this.#connectMs[i]),
      firstByteMs: orNull(this.#firstByteMs[i]),
    };
  }
}

function units(ms: number): number {
  return Math.min(NONE_32 - 1, Math.max(0, Math.round(ms * UNIT)));
}

function orNull(value: number | undefined): number | null {
  return value === undefined || value === NONE_32 ? null : value / UNIT;
}
