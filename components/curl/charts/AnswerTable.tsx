'use client';

import { memo } from 'react';
import type { Answer } from '@/lib/curl/run';
import { ChartTable } from './ChartTable';
import type { AnswerChartProps, AnsweringTask } from './answering-tasks';
import { msText } from '../words';

/** The last 200 answers as a table, newest first: the accessible version of the charts. */
export const AnswerTable = memo(function AnswerTable({
  answers,
  tasks,
}: Omit<AnswerChartProps, 'run'>) {
  return (
    <ChartTable summary="Answers as a table" label="Latest answers" className="mt-4">
      {() => (
        <>
          <thead className="sticky top-0 bg-panel">
            <tr>
              <th scope="col">#</th>
              <th scope="col">ANSWERED BY</th>
              <th scope="col">NODE</th>
              <th scope="col">STATUS</th>
              <th scope="col">LATENCY</th>
              <th scope="col">ERROR</th>
            </tr>
          </thead>
          <tbody>
            {answers
              .slice(-200)
              .toReversed()
              .map((answer) => (
                <AnswerRow
                  key={answer.n}
                  answer={answer}
                  task={answer.taskId === null ? undefined : tasks.get(answer.taskId)}
                />
              ))}
          </tbody>
        </>
      )}
    </ChartTable>
  );
});

const AnswerRow = memo(function AnswerRow({
  answer,
  task,
}: {
  answer: Answer;
  task: AnsweringTask | undefined;
}) {
  return (
    <tr>
      <td>{answer.n}</td>
      <td>{task?.name ?? answer.container ?? '–'}</td>
      <td>{task?.node ?? '–'}</td>
      <td>{answer.status ?? '–'}</td>
      <td>{msText(answer.ms)}</td>
      <td className="text-bad">{answer.error}</td>
    </tr>
  );
});
