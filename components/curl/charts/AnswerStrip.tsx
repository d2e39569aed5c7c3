'use client';

import { memo, useMemo } from 'react';
import { isFailure, type Answer, type Run } from '@/lib/curl/run';
import { slotLook, slotStyle } from '../../ui/slot';
import { ROW, stripRange } from './plot';
import type { Who } from './answering-tasks';
import { answerWords } from '../words';
import css from './answer-strip.module.css';

/** The last 200 answers in send order, each in its slot's colour and letter, errors hatched. */
export function Strip({
  run,
  answers,
  who,
}: {
  run: Run;
  answers: readonly Answer[];
  who: ReadonlyMap<string, Who>;
}) {
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
        who={who}
        ended={ended}
        marks={marksBefore(run.marks, from, to)}
      />,
    );
  }
  return (
    <div
      role="img"
      aria-label={`The last ${shown.length} answers in send order; the table below lists them.`}
      className={css.strip}
    >
      {rows}
    </div>
  );
}

interface RowProps {
  from: number;
  count: number;
  answers: readonly Answer[];
  who: ReadonlyMap<string, Who>;
  ended: boolean;
  /** See {@link marksBefore}. */
  marks: string;
}

/** Which cells a change stands in front of, as `12:1 40:2` (cell's request : mark's number). */
function marksBefore(marks: Run['marks'], from: number, to: number): string {
  return marks
    .flatMap(({ n }, index) => (n + 1 >= from && n + 1 < to ? [`${n + 1}:${index + 1}`] : []))
    .join(' ');
}

/** A row changes only while it fills, so at 20 answers a second one row of 50 is drawn, not 200. */
const Row = memo(
  function Row({ from, count, answers, who, ended, marks }: RowProps) {
    const byNumber = useMemo(() => new Map(answers.map((answer) => [answer.n, answer])), [answers]);
    const marked = useMemo(
      () => new Map(marks.split(' ').map((pair) => pair.split(':') as [string, string])),
      [marks],
    );
    return (
      <div className={css.row}>
        <span className={css.number}>{from}</span>
        {Array.from({ length: count }, (_, at) => {
          const answer = byNumber.get(from + at);
          const half = at === ROW / 2 && (
            <span key="half" className={css.half}>
              {from + at}
            </span>
          );
          const cell = answer ? (
            <Cell
              key={at}
              answer={answer}
              who={answer.taskId ? who.get(answer.taskId) : undefined}
              mark={marked.get(String(from + at))}
            />
          ) : (
            <i
              key={at}
              className={ended ? css.never : css.empty}
              data-mark={marked.get(String(from + at))}
            />
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
    a.who === b.who,
);

function Cell({
  answer,
  who,
  mark,
}: {
  answer: Answer;
  who: Who | undefined;
  /** The number of the change that stands in front of it. */
  mark: string | undefined;
}) {
  const failed = isFailure(answer.error);
  const slot = who?.slot ?? null;
  const letter = failed ? '✕' : who ? slotLook(slot).letter : '?';
  return (
    <i
      className={failed ? css.failed : css.cell}
      data-mark={mark}
      data-long={letter.length > 1 || undefined}
      style={failed ? undefined : slotStyle(slot)}
      title={answerWords(answer, who?.name ?? null, who?.node ?? null)}
    >
      {letter}
    </i>
  );
}
