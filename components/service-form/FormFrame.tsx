import type { FormEvent, KeyboardEvent, ReactNode } from 'react';
import type { ShownProblem } from '@/lib/client/request';
import { ProblemText } from '../actions/ActionFooter';
import { BlockNote, type Block } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { LiveRegion } from '../ui/LiveRegion';

/**
 * The dialog of a form: the fields, beside them what would happen, and the buttons at the end. It has one height, so that
 * its buttons stay where they are; each part scrolls by itself.
 */
export function FormFrame({
  title,
  children,
  beside,
  summary,
  brief,
  block,
  problem,
  wrong,
  confirm,
  sending,
  disabled = false,
  onReset,
  onSubmit,
  onClose,
}: {
  title: string;
  /** The fields. */
  children: ReactNode;
  /** The server's check, the difference, the command. */
  beside: ReactNode;
  /** What the check found, for screen readers. */
  summary: string;
  /** The same in a line, where `beside` is below the fields. */
  brief: string;
  block: Block | null;
  problem: ShownProblem | null;
  /** How many fields are marked as wrong. */
  wrong: number;
  confirm: string;
  sending: boolean;
  disabled?: boolean;
  /** Discards what was typed; null while nothing was. */
  onReset: (() => void) | null;
  onSubmit: () => void;
  onClose: () => void;
}) {
  const submit = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault();
    if (!sending && !disabled && !block) onSubmit();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        noValidate
        data-action
        data-service-form
        data-wide
        className="flex h-[min(46rem,calc(100dvh-8rem))] flex-col gap-3"
        onSubmit={submit}
      >
        <div className="min-h-0 flex-1 overflow-y-auto md:grid md:grid-cols-[minmax(0,1fr)_20rem] md:gap-5 md:overflow-hidden">
          <div className="min-w-0 space-y-2 p-1 md:overflow-y-auto md:pr-2">{children}</div>
          <div className="mt-4 min-w-0 space-y-3 md:mt-0 md:overflow-y-auto">{beside}</div>
        </div>
        <div className="flex-none">
          <div role="alert" className="mb-2 max-h-28 overflow-y-auto empty:mb-0">
            {block && <BlockNote block={block} />}
            {!block && problem && <ProblemText problem={problem} />}
          </div>
          <LiveRegion text={summary} />
          <p className="mb-1 flex h-4 justify-end gap-2 text-xs/4">
            {/* The live region above has it in full. */}
            <span aria-hidden className="min-w-0 flex-1 truncate text-dim md:hidden" data-brief>
              {wrong === 0 && brief}
            </span>
            <span className="text-bad">
              {wrong > 0 && (wrong === 1 ? '1 field is wrong' : `${wrong} fields are wrong`)}
            </span>
          </p>
          <div className="flex flex-wrap items-center justify-end gap-2">
            <Button
              className={onReset ? '' : 'invisible'}
              disabled={sending}
              onClick={() => onReset?.()}
            >
              Discard edits
            </Button>
            <Button className="max-sm:hidden" onClick={onClose}>
              Close
            </Button>
            <Button
              type="submit"
              look="primary"
              className="min-w-26"
              aria-busy={sending}
              disabled={disabled || block !== null}
            >
              {sending ? 'Sending…' : confirm}
            </Button>
          </div>
        </div>
      </form>
    </Dialog>
  );
}
