import { isFailure, type Answer } from '@/lib/curl/run';
import { slotLook, slotStyle } from '../../ui/slot';
import { answerWords } from '../words';
import type { AnsweringTask } from './answering-tasks';

const CELL =
  'relative h-5 rounded-[3px] text-center leading-5 font-bold not-italic @max-[620px]:h-4 @max-[620px]:rounded-xs @max-[620px]:leading-4';

/** One answer, in its slot's colour and letter. */
export function AnswerCell({
  answer,
  task,
  mark,
}: {
  answer: Answer;
  task: AnsweringTask | undefined;
  /** Number of the change before this answer. */
  mark: string | undefined;
}) {
  const failed = isFailure(answer.error);
  const slot = task?.slot ?? null;
  const letter = failed ? '✕' : task ? slotLook(slot).letter : '?';
  const size =
    letter.length > 1
      ? 'text-[9px] tracking-[-0.5px] @max-[620px]:text-[7px] @max-[620px]:tracking-[-0.6px]'
      : 'text-[10px] @max-[620px]:text-[9px]';
  return (
    <i
      data-n={answer.n}
      className={`${CELL} cursor-pointer ${size} ${failed ? 'hatch-bad' : 'slot-edge bg-(--c) text-(--ci)'}`}
      style={failed ? undefined : slotStyle(slot)}
      title={`${answerWords(answer, task?.name ?? null, task?.node ?? null)}. Click: its log line`}
    >
      {letter}
      <Flag mark={mark} />
    </i>
  );
}

/** A request without an outcome: not sent yet, or never sent because the run has ended. */
export function EmptyCell({ ended, mark }: { ended: boolean; mark: string | undefined }) {
  return (
    <i className={`${CELL} ${ended ? 'inset-ring inset-ring-line' : 'bg-raise'}`}>
      <Flag mark={mark} />
    </i>
  );
}

/** The line and number of a change, before the first answer after it. */
function Flag({ mark }: { mark: string | undefined }) {
  if (mark === undefined) return null;
  return (
    <>
      <span className="absolute inset-[-4px_auto_-1px_-2px] border-l-2 border-dashed border-accent" />
      <span className="absolute -top-2.25 left-[-7px] z-1 min-w-3 rounded-[3px] bg-accent px-0.5 text-[9px]/[11px] font-bold tracking-normal text-panel">
        {mark}
      </span>
    </>
  );
}
