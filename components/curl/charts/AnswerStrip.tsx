'use client';

import { memo, useMemo, type MouseEvent } from 'react';
import type { Run } from '@/lib/curl/run';
import { counted } from '@/lib/swarm/words';
import { linesOf, showLogLine } from '../log-line';
import { ROW, stripRange } from './plot';
import type { AnswerChartProps } from './answering-tasks';
import { AnswerCell, EmptyCell } from './StripCell';

const ROW_GRID =
  'grid grid-cols-[34px_repeat(50,minmax(0,1fr))] gap-0.5 @max-[620px]:grid-cols-[28px_repeat(25,minmax(0,1fr))] @max-[620px]:gap-x-px @max-[620px]:gap-y-1.75';
const NUMBER = 'text-[11px]/5 text-faint @max-[620px]:text-[10px]/4';

/** The last 200 answers in send order, each in its slot's colour and letter; errors are hatched. */
export function AnswerStrip({ run, answers, tasks }: AnswerChartProps) {
  const ended = run.state === 'ended';
  const { first, count } = stripRange(answers, run.planned);
  const shown = answers.filter(({ n }) => n >= first);
  const rows = [];
  for (let from = first; from < first + count; from += ROW) {
    const to = Math.min(from + ROW, first + count);
    const own = shown.filter(({ n }) => n >= from && n < to);
    rows.push(
      <Row
        key={from}
        from={from}
        count={to - from}
        answers={own}
        tasks={tasks}
        ended={ended}
        marks={marksBefore(run.marks, from, to)}
      />,
    );
  }
  const onClick = ({ target }: MouseEvent) => {
    const cell = target instanceof Element ? target.closest<HTMLElement>('[data-n]') : null;
    const answer = cell && shown.find(({ n }) => n === Number(cell.dataset.n));
    if (answer) showLogLine(linesOf(run), answer, tasks.get(answer.taskId ?? ''));
  };
  return (
    // The table below has a button for each.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <div
      role="img"
      onClick={onClick}
      aria-label={`The last ${counted(shown.length, 'answer')} in send order, listed in the table below.`}
      className="@container mt-2 grid gap-1.75"
    >
      {rows}
    </div>
  );
}

interface RowProps extends Omit<AnswerChartProps, 'run'> {
  from: number;
  count: number;
  ended: boolean;
  /** See {@link marksBefore}. */
  marks: string;
}

/** Returns the cells that follow a change, as `12:1 40:2` (request : number of the change). */
function marksBefore(marks: Run['marks'], from: number, to: number): string {
  return marks
    .flatMap(({ n }, index) => (n + 1 >= from && n + 1 < to ? [`${n + 1}:${index + 1}`] : []))
    .join(' ');
}

/** Memoized by what can change: at 20 answers per second only one row of 50 renders. */
const Row = memo(
  function Row({ from, count, answers, tasks, ended, marks }: RowProps) {
    const byNumber = useMemo(() => new Map(answers.map((answer) => [answer.n, answer])), [answers]);
    const marked = useMemo(
      () =>
        new Map(
          marks.split(' ').flatMap((pair) => {
            const [n, number] = pair.split(':');
            return n && number ? [[Number(n), number] as const] : [];
          }),
        ),
      [marks],
    );
    return (
      <div className={ROW_GRID}>
        <span className={NUMBER}>{from}</span>
        {Array.from({ length: count }, (_, at) => {
          const n = from + at;
          const answer = byNumber.get(n);
          const half = at === ROW / 2 && (
            <span key="half" className={`${NUMBER} hidden @max-[620px]:block`}>
              {n}
            </span>
          );
          const cell = answer ? (
            <AnswerCell
              key={at}
              answer={answer}
              task={answer.taskId ? tasks.get(answer.taskId) : undefined}
              mark={marked.get(n)}
            />
          ) : (
            <EmptyCell key={at} ended={ended} mark={marked.get(n)} />
          );
          return half ? [half, cell] : cell;
        })}
      </div>
    );
  },
  (a, b) =>
    a.from === b.from &&
    a.count === b.count &&
    a.ended === b.ended &&
    a.answers.length === b.answers.length &&
    a.answers.at(-1)?.n === b.answers.at(-1)?.n &&
    a.marks === b.marks &&
    a.tasks === b.tasks,
);
