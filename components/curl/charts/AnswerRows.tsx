import { memo } from 'react';
import type { Answer } from '@/lib/curl/run';
import { Button } from '../../ui/Button';
import { showLogLine, type RunLines } from '../log-line';
import { msText } from '../words';
import type { AnswerChartProps, AnsweringTask } from './answering-tasks';

/** The rows of the table of answers, each with a button that shows its line in the log. */
export function AnswerRows({
  lines,
  answers,
  tasks,
}: Omit<AnswerChartProps, 'run'> & { lines: RunLines }) {
  return (
    <>
      <thead className="sticky top-0 bg-panel">
        <tr>
          <th scope="col">#</th>
          <th scope="col">ANSWERED BY</th>
          <th scope="col">NODE</th>
          <th scope="col">STATUS</th>
          <th scope="col">LATENCY</th>
          <th scope="col">LOG</th>
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
              lines={lines}
              answer={answer}
              task={answer.taskId === null ? undefined : tasks.get(answer.taskId)}
            />
          ))}
      </tbody>
    </>
  );
}

const AnswerRow = memo(function AnswerRow({
  lines,
  answer,
  task,
}: {
  lines: RunLines;
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
      <td>
        <Button
          look="inline"
          className="inline-block min-h-6 touch:min-h-11 touch:min-w-11"
          aria-label={`Log line of answer ${answer.n}`}
          onClick={() => showLogLine(lines, answer, task)}
        >
          Line
        </Button>
      </td>
      <td className="text-bad">{answer.error}</td>
    </tr>
  );
});
