'use client';

import { useEffect, useRef, type ReactNode } from 'react';
import type { Change } from '@/lib/swarm/refusals';
import type { ServiceView } from '@/lib/swarm/view';
import { timeConvergence } from '../service/time-convergence';
import { useBlock } from '../ui/Blocked';
import { Dialog } from '../ui/Dialog';
import { Skeleton } from '../ui/Skeleton';
import { ActionFooter, EquivalentCommand, ProblemText } from './ActionFooter';
import { closeAction } from './action-store';
import { reportOutcome, type Outcome } from './outcome';
import { reportRequested } from './requested';
import { requestedChange } from './requested-change';
import { useDryRun, useSend, type ChangeRequest } from './use-change';

/**
 * Asks the server what a change would do, shows it with the docker command that it equals, and sends it when it is
 * confirmed. `T` is the type of the dry run's answer (lib/swarm/spec/answers.ts), `R` that of the change's own.
 *
 * The dialog has one height from the start and its buttons are at its end, so that nothing moves under a pointer,
 * whatever the dry run answers.
 */
export function ActionDialog<T extends { command: string }, R = unknown>({
  title,
  change,
  refusedBy,
  version,
  intro,
  children,
  refused = () => null,
  refusedNow = null,
  ready = true,
  confirm,
  look = 'primary',
  height = 'h-96',
  outcome,
  onDone,
  timed,
  onClose = closeAction,
}: {
  title: string;
  /** What to send. The dry run is the same with `?dry-run`. */
  change: ChangeRequest;
  /** The kind of change that a proxy in front of the engine can refuse. */
  refusedBy?: Change;
  /** A text of what the answer depends on; the dry run is repeated when it changes. */
  version?: string;
  /** Shown at once, above what the dry run answers. */
  intro?: ReactNode;
  /** Shows the dry run's answer. */
  children: (answer: T) => ReactNode;
  /** Why the answer means that the change cannot be made, a sentence; null when it can. */
  refused?: (answer: T) => string | null;
  /** Why it cannot be made, as the page knows without asking; nothing is asked of the server then. */
  refusedNow?: string | null;
  /** False while something is missing that the viewer has to fill in. */
  ready?: boolean;
  /** Text of the confirm button, a verb: `Restart`. */
  confirm: string;
  /** `danger` for what cannot be undone. */
  look?: 'primary' | 'danger';
  /** Height of everything below the title, a class. */
  height?: string;
  /** What to show once the change was accepted; null: nothing. */
  outcome?: (answer: T, result: R) => Outcome | null;
  /** Called after that. */
  onDone?: (result: R) => void;
  /** The service that the change makes converge, whose time is then measured; undefined: none. */
  timed?: Pick<ServiceView, 'id' | 'version'> | undefined;
  onClose?: () => void;
}) {
  const block = useBlock('change', refusedBy);
  const before = useRef(timed);
  const { sending, problem, send } = useSend<R>((result) => {
    const isChanged = !isUnchanged(result);
    if (before.current && isChanged) {
      const { id, version } = before.current;
      timeConvergence(id, version);
      reportRequested(id, requestedChange(confirm, id, version));
    }
    onClose();
    const { answer: decidedOn } = latest.current;
    const shown = decidedOn && outcome?.(decidedOn, result);
    if (shown) {
      reportOutcome({ ...shown, ...(before.current && isChanged && { service: before.current }) });
    }
    onDone?.(result);
  });
  // What is being changed may already be gone.
  const asked = block || refusedNow !== null || sending ? null : change;
  const dryRun = useDryRun<T>(asked, version);
  const { answer, etag, repeat } = dryRun;
  const latest = useRef(dryRun);
  useEffect(() => {
    latest.current = dryRun;
  });
  const changed = problem?.kind === 'changed-meanwhile';
  useEffect(() => {
    if (changed) repeat();
    // Once for each refusal.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [problem]);
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className={`flex max-h-[calc(100dvh-8rem)] flex-col gap-3 ${height}`}
        data-action
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          before.current = timed;
          send(change, etag);
        }}
      >
        {/* With room for the focus rings of what is in it. */}
        <div className="scrolls relative -m-1 min-h-0 flex-1 space-y-3 p-1" aria-live="polite">
          {intro}
          {answer && children(answer)}
          {!answer && dryRun.problem && <ProblemText problem={dryRun.problem} />}
          {!answer && !dryRun.problem && !block && refusedNow === null && (
            <Skeleton className="h-24" />
          )}
        </div>
        {answer && <EquivalentCommand command={answer.command} />}
        <ActionFooter
          block={block}
          problem={problem}
          refused={sending ? null : (refusedNow ?? (answer && refused(answer)))}
          confirm={confirm}
          look={look}
          sending={sending}
          ready={ready && answer !== null}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}

/** Whether the server answers that the service already was so. */
function isUnchanged(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'changed' in result && !result.changed;
}
