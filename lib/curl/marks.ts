import type { ChangeView } from '../swarm/changes';
import type { TaskView } from '../swarm/view';
import { runChanges, type RunChange } from './changes';
import type { Mark, MarkKind } from './run';

/** The most marks that a run keeps; a service that crashes in a loop must not make it grow. */
export const MAX_MARKS = 100;

/**
 * How long before its mark a change may have cost requests, in ms. A task's death is seen up to
 * about a second late; a node counts as down 13.5–16.5 s after its last heartbeat (measured).
 */
const FELT_BEFORE_MS: Partial<Record<MarkKind, number>> = {
  'task failed': 2000,
  'node down': 20_000,
  drain: 500,
  scale: 500,
  update: 500,
  rollback: 500,
};

/** A task's own time of death is believed when it lies at most this long before it was seen, in ms. */
const BELIEVED_MS = 5000;
/** How long a node's word of a death takes to the manager, in ms: before the last picture it was not. */
const WORD_MS = 1000;

/** Changes that bring about new tasks, wherever. */
const BRINGING = new Set<MarkKind>(['scale', 'update', 'rollback', 'drain', 'node down']);
/** Changes that bring about the tasks that global services have on a node. */
const BRINGING_THERE = new Set<MarkKind>(['activate', 'node up']);
/** Tasks are read more often than what brings them about: they can be seen this long before it, in ms. */
const EARLY_MS = 1500;

/** A task that came during the run. */
interface Newcomer {
  /** Index of the mark that brought it about; −1: of none. */
  readonly mark: number;
  /** When it was first seen, in ms since the run's start. */
  readonly seenAt: number;
  readonly name: string;
  readonly nodeId: string | null;
}

/** How far a run had got when a picture was seen. */
export interface MarkedMoment {
  /** Milliseconds since the run's start. */
  readonly at: number;
  /** The same in milliseconds since the epoch. */
  readonly time: number;
  /** Up to when the picture before is known to have held, as `at`, where that is later than when it was seen. */
  readonly heldAt?: number;
}

/** What a mark's costs are reckoned from. */
export interface CostFacts {
  /** Slots of the failed requests, in ms since the run's start, in any order. */
  readonly lost: readonly number[];
  /** By task id: when its first answer was complete, in ms since the run's start. */
  readonly firstAnswers: ReadonlyMap<string, number>;
  /** How many requests had been sent by then. */
  sentBy(at: number): number;
}

/** Follows the changes of the swarm during one run, each seen by comparing two pictures. */
export class Marks {
  readonly #serviceId: string;
  readonly #marks: Omit<Mark, 'n' | 'cost'>[] = [];
  /** By task id. */
  readonly #newcomers = new Map<string, Newcomer>();
  readonly #known = new Set<string>();
  #view: ChangeView | null = null;
  #seenAt = 0;
  /** What the drill is doing just now. */
  #expected: ((change: RunChange) => boolean) | null = null;

  constructor(serviceId: string) {
    this.#serviceId = serviceId;
  }

  /** From now on changes that fit are the drill's own doing; null: none is. */
  expect(fits: ((change: RunChange) => boolean) | null): void {
    this.#expected = fits;
  }

  /** Takes in a picture; true when it shows a change. */
  see(view: ChangeView, { at, time, heldAt = 0 }: MarkedMoment): boolean {
    const before = this.#view;
    this.#view = view;
    const earliest = Math.max(0, Math.max(this.#seenAt, heldAt) - WORD_MS);
    this.#seenAt = at;
    const changes = before ? runChanges(before, view, this.#serviceId) : [];
    for (const change of changes) {
      if (this.#marks.length >= MAX_MARKS) break;
      const ago = change.time === null ? 0 : time - change.time;
      const back = ago > 0 && ago <= BELIEVED_MS ? Math.min(ago, at - earliest) : 0;
      const { kind, text, taskId, nodeId } = change;
      const drill = this.#expected?.(change) ?? false;
      this.#marks.push({ at: at - back, time: time - back, kind, text, taskId, nodeId, drill });
      if (BRINGING.has(kind)) this.#adopt(this.#marks.length - 1, at);
    }
    this.#meet(view, at, before === null);
    return changes.length > 0;
  }

  /** Takes for a new mark's doing the tasks that came just before it, unless another just before them brought them. */
  #adopt(mark: number, at: number): void {
    for (const [id, newcomer] of this.#newcomers) {
      const by = this.#marks[newcomer.mark];
      const isTaken = by && (by.kind === 'task failed' || newcomer.seenAt - by.at < EARLY_MS);
      if (at - newcomer.seenAt < EARLY_MS && !isTaken)
        this.#newcomers.set(id, { ...newcomer, mark });
    }
  }

  /** Tells each task that is new to the run whose doing it is: the latest mark's that can be. */
  #meet(view: ChangeView, at: number, first: boolean): void {
    for (const task of view.tasks) {
      if (task.serviceId !== this.#serviceId) continue;
      const newcomer = this.#newcomers.get(task.id);
      if (newcomer) {
        this.#newcomers.set(task.id, { ...newcomer, nodeId: task.nodeId });
        continue;
      }
      if (this.#known.has(task.id)) continue;
      this.#known.add(task.id);
      if (first) continue;
      const mark = this.#marks.findLastIndex((mark) => brings(mark, task, view));
      const { name, nodeId } = task;
      this.#newcomers.set(task.id, { mark, seenAt: at, name, nodeId });
    }
  }

  /** The marks so far, each with what it cost. */
  summary(facts: CostFacts): Mark[] {
    const marks = this.#marks
      .map((mark, index) => ({ mark, index }))
      .sort((a, b) => a.mark.at - b.mark.at || a.index - b.index);
    return marks.map(({ mark, index }, i) => {
      const from = feltFrom(mark, marks[i - 1]?.mark);
      const next = marks[i + 1]?.mark;
      const to = next ? feltFrom(next, mark) : Infinity;
      return {
        ...mark,
        at: round(mark.at),
        time: Math.round(mark.time),
        n: facts.sentBy(mark.at),
        cost: {
          ...lossOf(mark.at, from, to, facts.lost),
          ...this.#firstAnswer(index, mark, facts),
        },
      };
    });
  }

  #firstAnswer(
    index: number,
    { at }: { at: number },
    { firstAnswers }: CostFacts,
  ): Pick<Mark['cost'], 'firstAnswerMs' | 'firstAnswerBy'> {
    let first: { ms: number; name: string; nodeId: string | null } | null = null;
    for (const [id, { mark, name, nodeId }] of this.#newcomers) {
      const answered = firstAnswers.get(id);
      if (mark !== index || answered === undefined) continue;
      if (!first || answered - at < first.ms) first = { ms: answered - at, name, nodeId };
    }
    if (!first) return { firstAnswerMs: null, firstAnswerBy: null };
    const { name, nodeId } = first;
    return { firstAnswerMs: round(first.ms), firstAnswerBy: { name, nodeId } };
  }
}

/** Whether a change can have brought about a task. A dead one is replaced in its own slot, a global one on its own node. */
function brings(
  { kind, taskId, nodeId }: Pick<Mark, 'kind' | 'taskId' | 'nodeId'>,
  task: Pick<TaskView, 'name' | 'nodeId'>,
  view: ChangeView,
): boolean {
  if (BRINGING.has(kind)) return true;
  if (BRINGING_THERE.has(kind)) return nodeId === task.nodeId;
  if (kind !== 'task failed') return false;
  const dead = view.tasks.find((other) => other.id === taskId);
  return dead === undefined || dead.name === task.name;
}

/** From when on losses are a mark's own: never from before the mark ahead of it. */
function feltFrom(
  mark: { at: number; kind: MarkKind },
  before: { at: number } | undefined,
): number {
  return Math.max(mark.at - (FELT_BEFORE_MS[mark.kind] ?? 0), before?.at ?? -Infinity);
}

function lossOf(
  at: number,
  from: number,
  to: number,
  lost: readonly number[],
): Pick<Mark['cost'], 'lost' | 'firstLostMs' | 'lastLostMs'> {
  let count = 0;
  let first = Infinity;
  let last = -Infinity;
  for (const slot of lost) {
    if (slot < from || slot >= to) continue;
    count += 1;
    first = Math.min(first, slot);
    last = Math.max(last, slot);
  }
  return count === 0
    ? { lost: 0, firstLostMs: null, lastLostMs: null }
    : { lost: count, firstLostMs: round(first - at), lastLostMs: round(last - at) };
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
