import { useRef, type FormEvent, type KeyboardEvent, type ReactNode } from 'react';
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
  command,
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
  /** The same in a line that leads to `beside`, where that is below the fields. */
  brief: string;
  /** The equivalent docker command; null where nothing would be sent. */
  command: string | null;
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
  const besideRef = useRef<HTMLDivElement>(null);
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
        {/* What is scrolled to is above the shadow at the end. */}
        <div className="relative min-h-0 flex-1 scroll-pb-4 max-md:scrolls md:grid md:grid-cols-[minmax(0,1fr)_20rem] md:gap-5 md:overflow-hidden">
          <div className="relative min-w-0 scroll-pb-4 space-y-2 p-1 md:scrolls md:pr-2">
            {children}
          </div>
          <div
            ref={besideRef}
            className="mt-4 flex min-w-0 flex-col gap-3 p-1 max-md:scroll-mt-2 md:mt-0 md:overflow-hidden"
          >
            {beside}
          </div>
        </div>
        <div className="flex-none">
          <div role="alert" className="mb-2 max-h-28 overflow-y-auto empty:mb-0">
            {block && <BlockNote block={block} />}
            {!block && problem && <ProblemText problem={problem} />}
          </div>
          <LiveRegion text={summary} />
          <div className="mb-1 flex min-h-4 items-center justify-end gap-2 text-xs/4 max-md:h-11">
            {wrong === 0 && (brief !== '' || command !== null) && (
              // The command in its second line scrolls sideways; the first line stays.
              <button
                type="button"
                className="h-11 min-w-0 flex-1 overflow-x-auto text-left [scrollbar-width:none] md:hidden"
                data-brief
                onClick={() => besideRef.current?.scrollIntoView({ block: 'start' })}
              >
                <span className="sticky left-0 flex w-full gap-1.5 text-dim">
                  <span className="truncate">{brief || 'Checking…'}</span>{' '}
                  <span className="text-accent underline">Details</span>
                </span>
                {command !== null && (
                  <code className="font-mono whitespace-nowrap before:text-ok before:content-['$_']">
                    {command}
                  </code>
                )}
              </button>
            )}
            <span className="text-bad">
              {wrong > 0 && (wrong === 1 ? '1 field is wrong' : `${wrong} fields are wrong`)}
            </span>
          </div>
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
