'use client';

import { startTransition, useCallback, useEffect, useRef, useState } from 'react';
import type { SwarmView } from '@/lib/swarm/view';
import { openSignIn } from '@/lib/client/open-sign-in';
import { Button } from '../ui/Button';
import { LiveRegion } from '../ui/LiveRegion';
import { Dot } from '../ui/Pill';
import { Popover } from '../ui/Popover';
import { Prose } from '../ui/Prose';
import { grouped } from '../ui/words';
import type { AnswerLine } from './answer-search';
import { countShown, leavesOut, partName } from './download-words';
import { newLines, type FollowPause } from './follow';
import { entryOf } from './log-list';
import { countMatches, LogSearch, placeOf, stepMatch, type LogFilter } from './log-search';
import { eventsPath, rangeOfAnswer, type LogRange, type LogsAction } from './log-target';
import {
  answerWords,
  countText,
  statusWords,
  type FoundLine,
  type LogStatusWords,
} from './log-words';
import { LogFooter } from './LogFooter';
import { LogLines, type Reveal } from './LogLines';
import { LogToolbar } from './LogToolbar';
import { useAnswerLine, useLog, useSources } from './use-log';

const NO_FILTER: LogFilter = { query: '', taskId: null, nodeId: null, matchesOnly: false };

/** Phones are narrow. */
const isNarrow = () => matchMedia('(width < 40rem)').matches;

/** The log itself: its state, its controls and its lines. */
export function LogView({
  action,
  view,
  name,
}: {
  action: LogsAction;
  view: SwarmView;
  name: string;
}) {
  const { of, find, answer } = action;
  const [range, setRange] = useState<LogRange>('tail:100');
  const [filter, setFilterShown] = useState(NO_FILTER);
  // The lines follow the controls in slices, as new lines do.
  const [search, setSearch] = useState(() => new LogSearch(NO_FILTER));
  const setFilter = useCallback((next: LogFilter) => {
    setFilterShown(next);
    startTransition(() => setSearch(new LogSearch(next)));
  }, []);
  const [wrap, setWrap] = useState(isNarrow);
  const [pause, setPause] = useState<FollowPause>(null);
  const [current, setCurrent] = useState<number | null>(null);
  const [reveal, setReveal] = useState<Reveal | null>(null);

  // Each action is taken once: another answer is searched in the same panel.
  const [taken, setTaken] = useState<LogsAction | null>(null);
  if (taken !== action) {
    setTaken(action);
    if (answer) setRange(rangeOfAnswer(answer));
    if (find !== undefined) {
      const next = { ...NO_FILTER, query: find };
      setFilterShown(next);
      setSearch(new LogSearch(next));
    }
  }

  const { session, snapshot } = useLog(eventsPath(of, range));
  const sources = useSources(of, view);
  const line = useAnswerLine(action, session);

  const changePause = useCallback((next: FollowPause) => {
    setPause(next);
    if (next !== null) return;
    setCurrent(null);
    getSelection()?.removeAllRanges();
  }, []);
  const isPaused = pause !== null;
  useEffect(() => {
    if (isPaused) session?.pause();
    else session?.follow();
  }, [isPaused, session]);
  // Another range is another log.
  const [ofSession, setOfSession] = useState(session);
  if (ofSession !== session) {
    setOfSession(session);
    setPause(null);
    setCurrent(null);
    setReveal(null);
  }
  const goTo = useCallback(
    (id: number | null) => {
      if (id === null) return;
      changePause('line');
      setCurrent(id);
      setReveal({ id });
    },
    [changePause],
  );
  const latest = useRef({ filter, search, snapshot, current });
  useEffect(() => {
    latest.current = { filter, search, snapshot, current };
  });
  // The same function while lines come, so that the controls are not rendered with each of them.
  const onStep = useCallback(
    (direction: 1 | -1) => {
      const now = latest.current;
      // The lines may not show what was just typed yet.
      const wanted = now.search.filter === now.filter ? now.search : new LogSearch(now.filter);
      goTo(stepMatch(wanted, now.snapshot.blocks, now.current, direction));
    },
    [goTo],
  );
  const onTake = useCallback(() => latest.current.snapshot, []);
  // The line of the answer, once it is found.
  const [marked, setMarked] = useState<AnswerLine | null>(null);
  if (line?.state === 'found' && marked !== line) {
    setMarked(line);
    setPause('line');
    setCurrent(line.id);
    setReveal({ id: line.id });
  }

  const lineId = line?.state === 'found' ? line.id : 0;
  const found = foundLine(line, placeOf(search, snapshot.blocks, lineId), current);
  const backToLine = () => {
    setFilter({ ...NO_FILTER, query: filter.query });
    goTo(lineId);
    setReveal({ id: lineId, focus: true });
  };

  const body = useRef<HTMLDivElement>(null);
  const showAll = () => {
    setFilter({ ...NO_FILTER, query: filter.query });
    // Its button goes away.
    body.current?.querySelector<HTMLElement>('[data-lines]')?.focus({ preventScroll: true });
  };

  const { all, at } = countMatches(search, snapshot.blocks, current);
  const shown = leavesOut(search.filter) ? countShown(search, snapshot.blocks) : null;
  const status = statusWords(snapshot, 'service' in of ? 'service' : 'task');
  return (
    <>
      <div className="flex h-6 items-center gap-3 px-3 text-xs sm:px-4">
        <Status status={status} kind={snapshot.problem?.kind} />
        <span className="ml-auto flex-none text-dim" data-count>
          {shown !== null && `${grouped(shown)} shown · `}
          {countText(snapshot.count, snapshot.dropped)}
        </span>
      </div>
      <LogToolbar
        of={of}
        name={name}
        range={range}
        onRange={setRange}
        filter={filter}
        search={search}
        onFilter={setFilter}
        sources={sources}
        wrap={wrap}
        onWrap={setWrap}
        pause={pause}
        onPause={changePause}
        all={all}
        at={at}
        onStep={onStep}
        onTake={onTake}
      />
      {answer && <AnswerNote n={answer.n} line={line} found={found} onBack={backToLine} />}
      <div ref={body} className="relative min-h-0 flex-1 border-y border-line">
        <LogLines
          snapshot={snapshot}
          search={search}
          sources={sources}
          wrap={wrap}
          current={current}
          reveal={reveal}
          pause={pause}
          onPause={changePause}
          onCurrent={goTo}
        />
        {snapshot.count === 0 && snapshot.log?.state === 'live' && (
          <p className="absolute inset-x-4 top-3 text-dim">
            No lines yet. Lines appear here when a task writes to its standard output or error, and
            its log driver keeps them.
          </p>
        )}
        {shown === 0 && snapshot.count > 0 && (
          <p className="absolute inset-x-4 top-3 text-dim">
            {`No line of ${partName(name, search.filter, sources)} is among those that are held here. `}
            <Button look="inline" onClick={showAll}>
              Show all lines
            </Button>
          </p>
        )}
        {pause !== null && snapshot.waiting > 0 && (
          <Button
            look="primary"
            className="absolute bottom-3 left-1/2 min-w-44 -translate-x-1/2 shadow-dialog"
            onClick={() => changePause(null)}
          >
            <span aria-hidden>↓</span> {newLines(snapshot.waiting)}
          </Button>
        )}
      </div>
      <LogFooter
        entry={current === null ? null : entryOf(snapshot.blocks, current)}
        sources={sources}
        filter={filter}
        onFilter={setFilter}
      />
      <LiveRegion text={pause !== null && at > 0 ? `Match ${at} of ${all}` : ''} />
    </>
  );
}

/** One line whose place is kept; the rest on a click. */
function Status({
  status: { tone, text, next },
  kind,
}: {
  status: LogStatusWords;
  kind: string | undefined;
}) {
  const signIn = kind === 'sign-in-required' || kind === 'operator-required';
  return (
    <span role="status" className="flex min-w-0 items-center gap-1.5" data-log-status={tone}>
      <Dot tone={tone} />
      {next ? (
        <Popover
          label="State of the log"
          className="min-w-0 truncate touch:-my-3.25 touch:h-11"
          line={text}
        >
          <p>{text}</p>
          <p>
            <Prose text={next} />
          </p>
        </Popover>
      ) : (
        <span className="truncate" title={text}>
          {text}
        </span>
      )}
      {signIn && (
        <Button look="inline" onClick={openSignIn}>
          Sign in
        </Button>
      )}
    </span>
  );
}

/** Whether the line of an answer was found, in one line whose place is kept. */
function AnswerNote({
  n,
  line,
  found,
  onBack,
}: {
  n: number;
  line: AnswerLine | null;
  found: FoundLine;
  onBack: () => void;
}) {
  const words = answerWords(n, line?.state, found);
  const isLeft = line?.state === 'found' && found === 'left';
  return (
    <p role="status" data-answer-line={line?.state} className="h-6 px-3 text-xs/6 sm:px-4">
      {line?.state === 'none' ? (
        <Popover
          label="Why there is no line"
          className="max-w-full truncate text-warn touch:-my-2.5 touch:h-11"
          line={line.why}
        >
          <span>{line.why}</span>
        </Popover>
      ) : (
        <span className="text-dim">
          {isLeft ? (
            <Button look="inline" onClick={onBack}>
              {words}
            </Button>
          ) : (
            words
          )}
        </span>
      )}
    </p>
  );
}

/** What has become of the line of the answer since it was found. */
function foundLine(
  line: AnswerLine | null,
  place: ReturnType<typeof placeOf>,
  current: number | null,
): FoundLine {
  if (place === 'gone') return 'gone';
  return place === 'shown' && line?.state === 'found' && line.id === current ? 'marked' : 'left';
}
