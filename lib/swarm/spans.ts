import { nodeNames } from './node-names';
import { hasEnded } from './task-phase';
import type { Span } from './timeline-schemas';
import type { SwarmView, TaskView } from './view';

/** The parts of a view that spans are made of. */
type SpanView = Pick<SwarmView, 'tasks' | 'nodes' | 'goneNodes'>;

/** The open spans. They follow from the view, so only ended ones have to be stored. */
export function openSpans(view: SpanView): Span[] {
  const names = nodeNames(view);
  return view.tasks.flatMap((task) => openSpan(task, names) ?? []);
}

/** A task's open span; null when it has no node or has ended. */
function openSpan(task: TaskView, names: ReadonlyMap<string, string>): Span | null {
  const { seenAt, phase } = task;
  if (seenAt === null || hasEnded(phase)) return null;
  return spanFrom(task, seenAt, names);
}

function spanFrom(task: TaskView, from: number, names: ReadonlyMap<string, string>): Span | null {
  const { id: taskId, name, serviceId, slot, nodeId } = task;
  if (nodeId === null) return null;
  const node = names.get(nodeId) ?? nodeId.slice(0, 12);
  return { taskId, name, serviceId, slot, nodeId, node, from, to: null, end: endOf(task) };
}

/**
 * The spans that end between two views: of tasks that have ended or are missing in the later one, and of those that were
 * created and ended in between.
 * @param changed the tasks that differ, as they were and as they are
 * @param time when the later view was made, and the one before it
 */
export function endedSpans(
  changed: { before: readonly TaskView[]; after: readonly TaskView[] },
  view: SpanView,
  time: { at: number; since: number },
): Span[] {
  const names = nodeNames(view);
  const after = new Map(changed.after.map((task) => [task.id, task]));
  const known = new Set(changed.before.map(({ id }) => id));
  const ended = changed.before.flatMap((task) => {
    const now = after.get(task.id);
    const span = openSpan(task, names);
    if (!span || (now && !hasEnded(now.phase))) return [];
    return [endedSpan(span, now, time)];
  });
  const brief = changed.after.flatMap((task) => {
    if (known.has(task.id) || !hasEnded(task.phase) || task.createdAt < time.since) return [];
    const span = spanFrom(task, task.createdAt, names);
    return span ? [endedSpan(span, task, time)] : [];
  });
  return [...ended, ...brief].sort((a, b) => (a.to ?? 0) - (b.to ?? 0));
}

/** `now`: the task after its end; undefined if swarm does not list it any more. */
function endedSpan(span: Span, now: TaskView | undefined, { at }: { at: number }): Span {
  if (!now) return { ...span, to: at, end: 'stopped' };
  return { ...span, to: Math.max(span.from, Math.min(at, now.stateAt)), end: endOf(now) };
}

function endOf(task: TaskView): Span['end'] {
  const { phase } = task;
  if (phase === 'lost' || phase === 'failed') return phase;
  if (phase === 'finished') return 'completed';
  if (hasEnded(phase)) return 'stopped';
  return task.state === 'running' ? 'running' : 'starting';
}
