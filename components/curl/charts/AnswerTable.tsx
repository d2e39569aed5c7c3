'use client';

import { memo } from 'react';
import type { Answer } from '@/lib/curl/run';
import { AsTable } from './AsTable';
import type { Who } from './answering-tasks';
import { msText } from '../words';

/** The charts as a table, newest first: for those who cannot see them, and for a close look. */
export const AnswerTable = memo(function AnswerTable({
  answers,
  who,
}: {
  answers: readonly Answer[];
  who: ReadonlyMap<string, Who>;
}) {
  return (
    <AsTable summary="the answers as a table" label="The last answers" className="mt-4">
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
                  by={answer.taskId === null ? undefined : who.get(answer.taskId)}
                />
              ))}
          </tbody>
        </>
      )}
    </AsTable>
  );
});

/** An answer does not change any more: its row is drawn once. */
const AnswerRow = memo(function AnswerRow({ answer, by }: { answer: Answer; by: Who | undefined }) {
  return (
    <tr>
      <td>{answer.n}</td>
      <td>{by?.name ?? answer.container ?? '–'}</td>
      <td>{by?.node ?? '–'}</td>
      <td>{answer.status ?? '–'}</td>
      <td>{msText(answer.ms)}</td>
      <td className="text-bad">{answer.error}</td>
    </tr>
  );
});
