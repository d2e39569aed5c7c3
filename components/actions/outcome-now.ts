import type { ServiceView } from '@/lib/swarm/view';
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

/** A change follows the state of its service: an update can be paused or rolled back after it was accepted. */
export function outcomeNow(
  { text, done, service: before }: Pick<Outcome, 'text' | 'done' | 'service'>,
  service: ServiceView | undefined,
): OutcomeNow {
  const good = (words: string): OutcomeNow => ({ text: words, tone: 'ok', problem: null });
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
