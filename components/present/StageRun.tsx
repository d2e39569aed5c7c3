'use client';

import { useMemo } from 'react';
import { isFailure, type Answer, type Mark, type Run, type Share } from '@/lib/curl/run';
import { shownVerdict } from '@/lib/curl/shown-verdict';
import type { LiveRun } from '@/lib/client/hooks';
import { clockTime } from '@/lib/swarm/duration';
import type { SwarmView } from '@/lib/swarm/view';
import { counted } from '@/lib/swarm/words';
import { shareRows } from '../curl/charts/share-rows';
import { answeringTasks, type AnsweringTask } from '../curl/charts/answering-tasks';
import { costWords, endedWords, percent } from '../curl/words';
import { Box } from '../ui/Box';
import { Meter } from '../ui/Meter';
import { slotLook, slotStyle } from '../ui/slot';
import { SlotBadge } from '../ui/SlotBadge';
import { stripWindow } from './strip-window';
import type { StageState } from './use-stage';

/** Changes and tasks side by side; the others are a number. */
const MAX_MARKS = 3;
const MAX_SHARES = 8;
/** Shares with room for the task's name; more have its letter only. */
const MAX_NAMED = 4;
/** A longer verdict is shown smaller, in two lines. */
const MAX_LARGE = 48;

/** The run: verdict, counts, the last answers, and what the swarm's changes cost. */
export function StageRun({
  stage,
  live,
  view,
}: {
  stage: StageState;
  live: LiveRun | null;
  view: SwarmView | null;
}) {
  return (
    <Box aria-label="Curl panel" className="flex flex-col gap-2 overflow-hidden p-3">
      {live && view ? (
        <Result live={live} view={view} />
      ) : (
        <div className="m-auto text-center">
          <h2 className="text-2xl">
            {stage.port ? `Which task answers port ${stage.port}?` : 'Which task answers?'}
          </h2>
          <p className="mt-2 text-lg text-dim">
            {stage.missing ?? (stage.request ? `Space sends ${stage.plan}` : '')}
          </p>
        </div>
      )}
    </Box>
  );
}

function Result({ live: { run, answers }, view }: { live: LiveRun; view: SwarmView }) {
  const { marks, shares } = run;
  const verdict = shownVerdict(run, view.services);
  const tasks = useMemo(() => answeringTasks(run, view), [run, view]);
  const counts: [string, string | number, boolean?][] = [
    ['sent', `${run.sent} of ${run.planned}`],
    ['answered', run.answered],
    ['failed', run.failed, run.failed > 0],
    ['repeats', percent(run.repeats)],
  ];
  return (
    <>
      <div className="min-w-0">
        <h2
          className={`flex h-11.5 items-center ${verdict.length > MAX_LARGE ? 'text-lg/tight' : 'text-2xl/none'}`}
        >
          <span className="line-clamp-2">{verdict}</span>
        </h2>
        <p className="flex gap-5 truncate text-sm/tight text-dim">
          {counts.map(([name, value, bad]) => (
            <span key={name}>
              <b className={bad ? 'text-bad' : 'text-ink'}>{value}</b> {name}
            </span>
          ))}
          <span className="ml-auto truncate">{endedWords(run) ?? 'Running'}</span>
        </p>
      </div>
      <Strip run={run} answers={answers} tasks={tasks} />
      {marks.length > 0 ? <Changes marks={marks} /> : <Shares shares={shares} view={view} />}
    </>
  );
}

/** The last answers in send order, each in its slot's colour and letter. */
function Strip({
  run,
  answers,
  tasks,
}: {
  run: Run;
  answers: readonly Answer[];
  tasks: ReadonlyMap<string, AnsweringTask>;
}) {
  const { first, count } = stripWindow(answers, run.planned);
  const byNumber = new Map(answers.map((answer) => [answer.n, answer]));
  const marked = new Map(run.marks.map(({ n }, at) => [n + 1, at + 1]));
  return (
    <div
      role="img"
      aria-label="The last answers in send order"
      className="grid shrink-0 grid-cols-[repeat(40,minmax(0,1fr))] gap-0.5"
    >
      {Array.from({ length: count }, (_, at) => {
        const answer = byNumber.get(first + at);
        const mark = marked.get(first + at);
        return (
          <StripCell
            key={first + at}
            answer={answer}
            task={answer?.taskId ? tasks.get(answer.taskId) : undefined}
            mark={mark}
          />
        );
      })}
    </div>
  );
}

function StripCell({
  answer,
  task,
  mark,
}: {
  answer: Answer | undefined;
  task: AnsweringTask | undefined;
  mark: number | undefined;
}) {
  const failed = answer !== undefined && isFailure(answer.error);
  const letter = failed ? '✕' : task ? slotLook(task.slot).letter : '?';
  const edge = mark === undefined ? '' : 'border-l-5 border-accent';
  const look = !answer ? 'bg-raise' : failed ? 'hatch-bad' : 'slot-edge bg-(--c) text-(--ci)';
  return (
    <i
      className={`h-6.5 overflow-hidden rounded-[3px] text-center text-xs/6.5 font-bold not-italic ${edge} ${look}`}
      style={answer && !failed ? slotStyle(task?.slot ?? null) : undefined}
    >
      {answer && letter}
    </i>
  );
}

/**
 * The story of an outage: the last changes with what each cost. Two have the places of three, and a place is filled anew
 * when they move on, so that a change moves nothing.
 */
function Changes({ marks }: { marks: readonly Mark[] }) {
  const earlier = Math.max(0, marks.length - MAX_MARKS);
  const shown = marks.slice(earlier);
  const { columns, title, cost } = shown.length === 1 ? ONE_CHANGE : CHANGES;
  return (
    <section aria-label="Changes during this run" className="flex min-h-0 flex-1">
      <ol className={`grid min-w-0 flex-1 gap-2 ${columns}`}>
        {shown.map((mark, at) => (
          <li key={at} className="min-w-0 rounded-lg border border-accent-line bg-well px-2.5 py-1">
            <p className="flex items-center gap-2 text-xs/tight whitespace-nowrap text-dim">
              <span
                aria-hidden
                className="min-w-5 rounded bg-accent px-1 text-center font-bold text-panel"
              >
                {earlier + at + 1}
              </span>
              <time dateTime={new Date(mark.time).toISOString()}>{clockTime(mark.time)}</time>
              {earlier > 0 && at === 0 && <span className="truncate">{earlier} earlier</span>}
            </p>
            <p className={`font-semibold wrap-anywhere ${title}`}>{mark.text}</p>
            <p className={`line-clamp-2 ${cost} ${mark.cost.lost > 0 ? 'text-bad' : 'text-dim'}`}>
              {costWords(mark)}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

const ONE_CHANGE = {
  columns: 'grid-cols-1',
  title: 'line-clamp-1 text-lg/tight',
  cost: 'text-base/tight',
};
const CHANGES = {
  columns: 'grid-cols-3',
  title: 'line-clamp-2 text-sm/tight',
  cost: 'text-xs/tight',
};

/** The answers by replica, until the swarm changes. */
function Shares({ shares, view }: { shares: readonly Share[]; view: SwarmView }) {
  const names = new Map(view.nodes.map(({ id, name }) => [id, name]));
  const rows = shareRows(shares);
  const shown = rows.length > MAX_SHARES ? rows.slice(0, MAX_SHARES - 1) : rows;
  return (
    <ul
      aria-label="Answers by replica"
      className="grid min-h-0 flex-1 auto-cols-fr grid-flow-col gap-2"
    >
      {shown.map(({ key, earlier, share: { name, slot, nodeId, answers, share } }) => (
        <li
          key={key}
          className="flex min-w-0 flex-col justify-center gap-1 rounded-lg bg-well px-2.5 py-1.5"
        >
          <p className="flex min-w-0 items-center gap-2">
            <SlotBadge slot={slot} className="[--spacing:calc(var(--u)*8)]" />
            <b className="text-lg/none">{percent(share)}</b>
          </p>
          <Meter
            className="h-2 w-full flex-none [&>i]:transition-none"
            parts={[{ key: 'share', width: share, color: slotLook(slot).color }]}
          />
          <p className="truncate text-xs text-dim">
            {shown.length > MAX_NAMED
              ? counted(answers, 'answer')
              : `${answers} by ${earlier ? 'earlier ' : ''}${name}`}
            {shown.length <= MAX_NAMED &&
              nodeId !== null &&
              names.has(nodeId) &&
              ` on ${names.get(nodeId)}`}
          </p>
        </li>
      ))}
      {shown.length < rows.length && (
        <li className="grid place-items-center text-sm text-dim">
          +{rows.length - shown.length} more
        </li>
      )}
    </ul>
  );
}
