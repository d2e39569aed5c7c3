'use client';

import { memo, useMemo, useState } from 'react';
import type { Answer, Run, Second } from '@/lib/curl/run';
import { shownVerdict } from '@/lib/curl/shown-verdict';
import type { SwarmView } from '@/lib/swarm/view';
import { answeringTasks, type AnsweringTask, sameTasks } from './charts/answering-tasks';
import { AnswerBars } from './charts/AnswerBars';
import { AnswerStrip } from './charts/AnswerStrip';
import { AnswerTable } from './charts/AnswerTable';
import { EntryMatrix } from './charts/EntryMatrix';
import { ErrorList } from './charts/ErrorList';
import { LatencyChart } from './charts/LatencyChart';
import { ShareTable } from './charts/ShareTable';
import { Statistics } from './charts/Statistics';
import { Downloads } from './Downloads';
import { Term } from '../ui/Term';
import { Popover } from '../ui/Popover';
import { Skeleton } from '../ui/Skeleton';
import { lazyPart } from '../ui/lazy-part';
import { showLogLine } from './log-line';
import { RunChanges } from './RunChanges';
import { RunCounts } from './RunCounts';
import { cutOffWords, skippedWords } from './words';

const ResponseView = lazyPart(() =>
  import('./response/ResponseView').then((part) => part.ResponseView),
);
const Versions = lazyPart(() => import('./versions/Versions').then((part) => part.Versions));

/** The result of an active or past run: verdict, counts, charts, changes, errors, downloads. */
export const RunResult = memo(function RunResult({
  run,
  answers,
  seconds,
  view,
}: {
  run: Run;
  answers: readonly Answer[];
  seconds: readonly Second[];
  view: SwarmView;
}) {
  const tasks = useAnsweringTasks(run, view);
  const nodes = useMemo(() => new Map(view.nodes.map(({ id, name }) => [id, name])), [view.nodes]);
  const { id, startedAt } = run;
  const { serviceId } = run.request;
  const lines = useMemo(() => ({ id, startedAt, serviceId }), [id, startedAt, serviceId]);
  if (run.request.mode === 'once') {
    const [answer] = answers;
    const show = answer && (() => showLogLine(lines, answer, tasks.get(answer.taskId ?? '')));
    return <OneRequest run={run} view={view} onLogLine={show} />;
  }
  return (
    <>
      <Verdict key={run.id} text={shownVerdict(run, view.services)} />
      <RunCounts run={run} />
      <RunNotes
        notes={[
          run.note,
          run.skipped > 0 && skippedWords(run),
          run.aborted > 0 && cutOffWords(run.aborted),
        ]}
      />
      <AnswerStrip run={run} answers={answers} tasks={tasks} />
      <AnswerBars seconds={seconds} shares={run.shares} request={run.request} marks={run.marks} />
      <div className="mt-4 grid grid-cols-1 gap-x-5 gap-y-4 xl:grid-cols-[minmax(0,1fr)_minmax(27rem,1fr)] 2xl:grid-cols-[minmax(0,1fr)_minmax(31rem,1fr)]">
        <LatencyChart run={run} answers={answers} tasks={tasks} />
        <ShareTable shares={run.shares} nodes={nodes} />
      </div>
      {run.entries.length > 1 && (
        <EntryMatrix entries={run.entries} shares={run.shares} nodes={nodes} />
      )}
      <AnswerTable lines={lines} answers={answers} tasks={tasks} />
      <Statistics details={run.details} lagP99={run.lagP99} />
      <Downloads run={run} />
      <p className="mt-3 text-xs text-faint">
        {run.request.connection === 'new' ? (
          <>
            Each request opens a new connection. Requests of other clients to this port count in the
            round robin of the <Term id="routing mesh">mesh</Term> too, so an even distribution
            needs a port without other traffic.
          </>
        ) : (
          <>
            Connections are reused. The <Term id="routing mesh">mesh</Term> chooses a replica per
            connection, and every request on it reaches that replica.
          </>
        )}
      </p>
      {/* Last, because it grows by itself: nothing of the result moves. On wide pages it has room of its own. */}
      <div className="gap-x-5 min-[60rem]:grid min-[60rem]:min-h-72 min-[60rem]:grid-cols-2">
        <div>
          {run.marks.length === 0 && run.failed === 0 && (
            <p className="mt-4 hidden text-xs text-faint min-[60rem]:block">
              No changes of the swarm and no failed requests.
            </p>
          )}
          <RunChanges
            marks={run.marks}
            drill={run.drill}
            sent={run.sent}
            rollouts={run.rollouts}
            entries={run.state === 'ended' ? run.entries : null}
          />
          <ErrorList errors={run.errors} />
        </div>
        {run.versions.length > 1 && <Versions run={run} seconds={seconds} />}
      </div>
    </>
  );
});

/** A longer verdict may need more lines than there is room for on a narrow page. */
const LONG_VERDICT = 110;

/** Its height is fixed, so that a longer one moves nothing: one that may be cut opens in full on a click. */
function Verdict({ text }: { text: string }) {
  const [mayBeCut, setMayBeCut] = useState(false);
  // For the rest of the run: the popover may be open.
  if (!mayBeCut && text.length > LONG_VERDICT) setMayBeCut(true);
  const shown = <span className="line-clamp-4 sm:line-clamp-3 xl:line-clamp-2">{text}</span>;
  return (
    <h3 className="h-20 text-sm/5 sm:h-15 sm:text-base/5 xl:h-10 xl:text-lg/5" title={text}>
      {mayBeCut ? (
        <Popover label="Verdict" className="flex items-end text-left" line={shown}>
          {text}
        </Popover>
      ) : (
        shown
      )}
    </h3>
  );
}

/** What a run could not do, in one line whose place is kept; in full on a click. */
function RunNotes({ notes }: { notes: readonly (string | null | false)[] }) {
  const shown = notes.filter((note) => typeof note === 'string');
  const [first] = shown;
  return (
    <div className="mt-0.5 flex h-4.5 text-xs text-warn">
      {first && (
        <Popover
          label="Notes on this run"
          className="min-w-0 truncate touch:-my-3.25 touch:h-11"
          line={shown.length > 1 ? `+${shown.length - 1} ${first}` : first}
        >
          {shown.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </Popover>
      )}
    </div>
  );
}

/** A single request has no shares and no distribution: its result is the response itself. */
function OneRequest({
  run,
  view,
  onLogLine,
}: {
  run: Run;
  view: SwarmView;
  onLogLine: (() => void) | undefined;
}) {
  const waiting = <Skeleton className="mt-3 h-60" />;
  return (
    <>
      <Verdict key={run.id} text={shownVerdict(run, view.services)} />
      {run.response ? (
        <ResponseView run={run} response={run.response} onLogLine={onLogLine} fallback={waiting} />
      ) : (
        run.state === 'running' && waiting
      )}
      <RunChanges
        marks={run.marks}
        drill={run.drill}
        sent={run.sent}
        rollouts={run.rollouts}
        entries={null}
      />
      <ErrorList errors={run.errors} />
      <Downloads run={run} />
    </>
  );
}

/** Returns the same map until its content changes: a run changes four times a second, its tasks rarely. */
function useAnsweringTasks(run: Run, view: SwarmView): ReadonlyMap<string, AnsweringTask> {
  const next = useMemo(() => answeringTasks(run, view), [run, view]);
  const [kept, keep] = useState(next);
  if (kept === next || sameTasks(kept, next)) return kept;
  keep(next);
  return next;
}
