import type { ChangeView } from '../swarm/changes';
import type { TaskView } from '../swarm/view';
import { runChanges, type RunChange } from './run-changes';
import type { Mark, MarkKind } from './run';

/** Maximum marks of a run, so that a crash loop cannot make it grow. */
export const MAX_MARKS = 100;

/**
 * How long before its mark a change may have caused failures, in ms. A task's failure is seen up to about a
 * second late; a node counts as down 13.5–16.5 s after its last heartbeat (measured).
 */
const COST_BEFORE_MS: Partial<Record<MarkKind, number>> = {
  'task failed': 2000,
  'node down': 20_000,
  drain: 500,
  scale: 500,
  update: 500,
  rollback: 500,
};

/** A task's own timestamp is used when it is at most this long before it was seen, in ms. */
const MAX_REPORTED_AGE_MS = 5000;
/** Maximum time from a failure on a node to the manager's task list, in ms. */
const REPORT_DELAY_MS = 1000;

/** Changes that cause new tasks on any node. */
const CAUSES_TASKS = new Set<MarkKind>(['scale', 'update', 'rollback', 'drain', 'node down']);
/** Changes that cause a global service's task on the same node. */
const CAUSES_TASKS_ON_NODE = new Set<MarkKind>(['activate', 'node up']);
/** Tasks are polled more often than nodes and services, so they can be seen this long before their cause, in ms. */
const ATTRIBUTION_MS = 1500;

/** A task created during the run. */
interface NewTask {
  /** Index of the mark that caused it; −1: none. */
  readonly mark: number;
  /** When it was first seen, in ms since the run's start. */
  readonly seenAt: number;
  readonly name: string;
  readonly nodeId: string | null;
}

/** When a view was applied. */
export interface ViewTime {
  /** Milliseconds since the run's start. */
  readonly at: number;
  /** The same in milliseconds since the epoch. */
  readonly time: number;
  /** Until when the previous view is known to have been true, as `at`, if later than when it was applied. */
  readonly heldAt?: number;
}

/** What the cost of a mark is computed from. */
export interface CostFacts {
  /** Ticks of the failed requests, in ms since the run's start, in any order. */
  readonly lost: readonly number[];
  /** By task id: when its first answer was complete, in ms since the run's start. */
  readonly firstAnswers: ReadonlyMap<string, { readonly first: number }>;
  /** How many requests had been sent at that time. */
  sentBy(at: number): number;
}

/** Changes of the swarm during one run, found by comparing consecutive views. */
export class Marks {
  readonly #serviceId: string;
  readonly #marks: Omit<Mark, 'n' | 'cost'>[] = [];
  /** By task id. */
  readonly #newTasks = new Map<string, NewTask>();
  readonly #known = new Set<string>();
  #view: ChangeView | null = null;
  #seenAt = 0;
  /** Whether the active drill caused a change. */
  #isFromDrill: ((change: RunChange) => boolean) | null = null;

  constructor(serviceId: string) {
    this.#serviceId = serviceId;
  }

  /** From now on changes that match are attributed to the drill; null: none are. */
  attributeToDrill(matches: ((change: RunChange) => boolean) | null): void {
    this.#isFromDrill = matches;
  }

  /** Applies a view; true when it has a change. */
  applyView(view: ChangeView, { at, time, heldAt = 0 }: ViewTime): boolean {
    const before = this.#view;
    this.#view = view;
    const earliest = Math.max(0, Math.max(this.#seenAt, heldAt) - REPORT_DELAY_MS);
    this.#seenAt = at;
    const changes = before ? runChanges(before, view, this.#serviceId) : [];
    for (const change of changes) {
      if (this.#marks.length >= MAX_MARKS) break;
      const ago = change.time === null ? 0 : time - change.time;
      const back = ago > 0 && ago <= MAX_REPORTED_AGE_MS ? Math.min(ago, at - earliest) : 0;
      const { kind, text, taskId, nodeId } = change;
      const drill = this.#isFromDrill?.(change) ?? false;
      this.#marks.push({ at: at - back, time: time - back, kind, text, taskId, nodeId, drill });
      if (CAUSES_TASKS.has(kind)) this.#attributeRecentTasks(this.#marks.length - 1, at);
    }
    this.#attributeNewTasks(view, at, before === null);
    return changes.length > 0;
  }

  /**
   * Attributes tasks that appeared within `ATTRIBUTION_MS` before a change to that change, unless an earlier
   * change already claimed them.
   */
  #attributeRecentTasks(mark: number, at: number): void {
    for (const [id, newTask] of this.#newTasks) {
      const by = this.#marks[newTask.mark];
      const isClaimed =
        by && (by.kind === 'task failed' || newTask.seenAt - by.at < ATTRIBUTION_MS);
      if (at - newTask.seenAt < ATTRIBUTION_MS && !isClaimed)
        this.#newTasks.set(id, { ...newTask, mark });
    }
  }

  /** Attributes each new task to the latest mark that may have caused it. */
  #attributeNewTasks(view: ChangeView, at: number, first: boolean): void {
    for (const task of view.tasks) {
      if (task.serviceId !== this.#serviceId) continue;
      const newTask = this.#newTasks.get(task.id);
      if (newTask) {
        this.#newTasks.set(task.id, { ...newTask, nodeId: task.nodeId });
        continue;
      }
      if (this.#known.has(task.id)) continue;
      this.#known.add(task.id);
      if (first) continue;
      const mark = this.#marks.findLastIndex((mark) => mayHaveCaused(mark, task, view));
      const { name, nodeId } = task;
      this.#newTasks.set(task.id, { mark, seenAt: at, name, nodeId });
    }
  }

  /** The marks so far, each with its cost. */
  summary(facts: CostFacts): Mark[] {
    const marks = this.#marks
      .map((mark, index) => ({ mark, index }))
      .sort((a, b) => a.mark.at - b.mark.at || a.index - b.index);
    return marks.map(({ mark, index }, i) => {
      const from = costFrom(mark, marks[i - 1]?.mark);
      const next = marks[i + 1]?.mark;
      const to = next ? costFrom(next, mark) : Infinity;
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
    for (const [id, { mark, name, nodeId }] of this.#newTasks) {
      const answered = firstAnswers.get(id)?.first;
      if (mark !== index || answered === undefined) continue;
      if (!first || answered - at < first.ms) first = { ms: answered - at, name, nodeId };
    }
    if (!first) return { firstAnswerMs: null, firstAnswerBy: null };
    const { name, nodeId } = first;
    return { firstAnswerMs: round(first.ms), firstAnswerBy: { name, nodeId } };
  }
}

/** Whether a change may have caused a task. A failed task is replaced in its slot, a global one on its node. */
function mayHaveCaused(
  { kind, taskId, nodeId }: Pick<Mark, 'kind' | 'taskId' | 'nodeId'>,
  task: Pick<TaskView, 'name' | 'nodeId'>,
  view: ChangeView,
): boolean {
  if (CAUSES_TASKS.has(kind)) return true;
  if (CAUSES_TASKS_ON_NODE.has(kind)) return nodeId === task.nodeId;
  if (kind !== 'task failed') return false;
  const failed = view.tasks.find((other) => other.id === taskId);
  return failed === undefined || failed.name === task.name;
}

/** From when failures count for a mark: not before the previous mark. */
function costFrom(
  mark: { at: number; kind: MarkKind },
  before: { at: number } | undefined,
): number {
  return Math.max(mark.at - (COST_BEFORE_MS[mark.kind] ?? 0), before?.at ?? -Infinity);
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
  for (const tick of lost) {
    if (tick < from || tick >= to) continue;
    count += 1;
    first = Math.min(first, tick);
    last = Math.max(last, tick);
  }
  return count === 0
    ? { lost: 0, firstLostMs: null, lastLostMs: null }
    : { lost: count, firstLostMs: round(first - at), lastLostMs: round(last - at) };
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
