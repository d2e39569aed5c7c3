import { hasEnded } from '@/lib/swarm/task-phase';
import type { ServiceView, SwarmView } from '@/lib/swarm/view';
import { inSentence } from '@/lib/swarm/words';
import type { Outcome } from './outcome';

type UpdateNote = NonNullable<NonNullable<ServiceView['update']>['note']>;

/** What the note of a change says now. */
export interface OutcomeNow {
  text: string;
  tone: 'ok' | 'warn' | 'bad';
  /** Why it did not succeed and what can be done; null while nothing has failed. */
  problem: UpdateNote | null;
}

type View = Pick<SwarmView, 'services' | 'nodes' | 'tasks' | 'refused'>;

/** A change follows the state of what it changed: an update can be paused or rolled back after it was accepted. */
export function outcomeNow(
  { text, done, service: before, drains }: Pick<Outcome, 'text' | 'done' | 'service' | 'drains'>,
  view: View | null,
): OutcomeNow {
  const good = (words: string): OutcomeNow => ({ text: words, tone: 'ok', problem: null });
  if (drains !== undefined) return good(view && isDrained(view, drains) ? (done ?? text) : text);
  const service = view?.services.find(({ id }) => id === before?.id);
  // Until the view has the change, its state is that of an earlier one.
  if (!before || !service || service.version === before.version) return good(text);
  const { update, convergence } = service;
  const name = inSentence(service.name);
  const failed = (words: string): OutcomeNow => ({
    text: words,
    tone: update?.note?.tone ?? 'bad',
    problem: update?.note ?? null,
  });
  switch (update?.state) {
    case 'paused':
      return failed(`The update of ${name} is paused.`);
    case 'rollback_paused':
      return failed(`The rollback of ${name} is paused.`);
    case 'rollback_started':
      return update.automatic
        ? failed(`The update of ${name} failed: swarm rolls it back.`)
        : good(`${name} is being rolled back.`);
    case 'rollback_completed':
      return update.automatic
        ? failed(`The update of ${name} failed and was rolled back.`)
        : good(`${name} is rolled back.`);
    default:
      return good(convergence.phase === 'converged' ? (done ?? text) : text);
  }
}

/** Whether a node is drained and none of its tasks is left, as far as the tasks are known. */
function isDrained({ nodes, tasks, refused }: View, nodeId: string): boolean {
  return (
    !refused.reads.includes('TASKS') &&
    nodes.find(({ id }) => id === nodeId)?.availability === 'drain' &&
    tasks.every((task) => task.nodeId !== nodeId || hasEnded(task.phase))
  );
}
