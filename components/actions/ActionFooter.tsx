import type { ShownProblem } from '@/lib/client/request';
import { BlockNote, type Block } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { CopyCommand } from '../ui/CopyCommand';
import { Help } from '../ui/Help';
import { Prose } from '../ui/Prose';

/** The end of an action's dialog: why it cannot be done or was refused, and the buttons. */
export function ActionFooter({
  block,
  problem,
  refused,
  confirm,
  look = 'primary',
  sending,
  ready,
  onConfirm,
  onClose,
}: {
  /** Why this viewer cannot change the swarm now (`useBlock`). */
  block: Block | null;
  /** Why the last attempt failed. */
  problem: ShownProblem | null;
  /** Why swarm would refuse the change. */
  refused?: string | null;
  confirm: string;
  look?: 'primary' | 'danger';
  sending: boolean;
  ready: boolean;
  /** Without it the button submits the form around it. */
  onConfirm?: () => void;
  onClose: () => void;
}) {
  return (
    <div className="flex-none">
      <div role="alert" className="mb-2 max-h-28 overflow-y-auto empty:mb-0">
        {block && <BlockNote block={block} />}
        {!block && problem && <ProblemText problem={problem} />}
        {!block && !problem && refused && (
          <p className="text-warn">
            <Prose text={refused} />
          </p>
        )}
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look={look}
          className="min-w-26"
          aria-busy={sending}
          disabled={!ready || block !== null || Boolean(refused)}
          {...(onConfirm ? { onClick: onConfirm } : { type: 'submit' })}
        >
          {sending ? 'Sending…' : confirm}
        </Button>
      </div>
    </div>
  );
}

/** The docker command that an action equals. It does not scroll with what is above it; a very long one scrolls by itself. */
export function EquivalentCommand({ command }: { command: string }) {
  return (
    <CopyCommand
      className="max-h-32 flex-none overflow-y-auto"
      command={command}
      label="the equivalent command"
    />
  );
}

/** Why a request failed, and what to do. What is wrong with a field is shown at the field by the forms that have it. */
export function ProblemText({
  problem: { kind, detail, next },
}: {
  problem: Pick<ShownProblem, 'kind' | 'detail'> & { next?: string | undefined };
}) {
  return (
    <p className="text-bad wrap-anywhere">
      {detail}{' '}
      <span className="text-dim">
        <Prose text={next ?? ''} />
      </span>{' '}
      <Help id={kind} about="why it was refused" />
    </p>
  );
}
