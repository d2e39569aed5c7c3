'use client';

import { useEffect, useRef } from 'react';
import type { TaskView } from '@/lib/swarm/view';
import { ActionButton } from '../actions/ActionButton';
import { BlockNote } from '../ui/Blocked';
import { Dot } from '../ui/Pill';
import { useLogsBlock } from './use-logs-block';
import type { ListEntry } from './log-list';
import { eventsPath, textPath } from './log-target';
import { lineTime, fullTime, statusWords } from './log-words';
import { useLog } from './use-log';

/** Lines that are shown in the details. */
const LINES = 50;

/** The last lines of a task, as they come, in its details. */
export function TaskLogs({ task }: { task: { id: string; name: string } }) {
  const block = useLogsBlock();
  if (block) return <BlockNote block={block} />;
  return <Lines task={task} />;
}

function Lines({ task: { id, name } }: { task: { id: string; name: string } }) {
  const of = { task: id };
  const { snapshot } = useLog(eventsPath(of, `tail:${LINES}`));
  const { tone, text, next } = statusWords(snapshot, 'task');
  const entries = snapshot.blocks.flatMap((block) => block.entries).slice(-LINES);
  const isKnown = snapshot.log !== null && snapshot.log.state !== 'opening';
  const list = useEnd();
  return (
    <>
      <div
        ref={list}
        role="region"
        aria-label={`Last lines of ${name}`}
        data-task-lines
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
        tabIndex={0}
        className="h-44 overflow-y-auto overscroll-contain rounded-lg border border-line bg-well px-2 py-1 font-mono text-xs/4.5"
      >
        {entries.map((entry) => (
          <Line key={entry.id} entry={entry} />
        ))}
        {entries.length === 0 && (
          <p className="font-sans text-dim">{isKnown ? 'No lines.' : 'Loading…'}</p>
        )}
      </div>
      <p
        role="status"
        className="mt-1 flex min-h-5 items-center gap-1.5 text-xs text-dim"
        data-log-status={tone}
      >
        <Dot tone={tone} />
        <span className="min-w-0 wrap-anywhere">
          {text} {next}
        </span>
      </p>
      <p className="mt-1.5 flex flex-wrap items-center gap-3">
        <ActionButton action={{ kind: 'logs', of }}>Full log</ActionButton>
        <a
          className="text-xs text-accent underline underline-offset-3 touch:py-3.5"
          href={textPath(of)}
          download={`${name}.log`}
        >
          Download all
        </a>
      </p>
    </>
  );
}

function Line({ entry }: { entry: ListEntry }) {
  if (entry.kind === 'note') return <p className="font-sans text-warn">{entry.text}</p>;
  const isError = entry.stream === 'stderr';
  return (
    <p
      data-stream={entry.stream}
      className={`border-l-2 pl-1.5 whitespace-pre-wrap wrap-anywhere [tab-size:4] ${isError ? 'border-bad-fill' : 'border-transparent'}`}
    >
      <span className="text-dim" title={fullTime(entry.time)}>
        {lineTime(entry.time)}
      </span>{' '}
      {isError && <span className="text-bad">err </span>}
      <span className="[unicode-bidi:isolate]">{entry.text}</span>
      {entry.cut && <span className="text-warn"> …</span>}
    </p>
  );
}

/** Keeps the end of a list in sight, unless it was scrolled up. */
function useEnd() {
  const ref = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const look = () => {
      atEnd.current = element.scrollHeight - element.clientHeight - element.scrollTop < 24;
    };
    element.addEventListener('scroll', look);
    return () => element.removeEventListener('scroll', look);
  }, []);
  useEffect(() => {
    const element = ref.current;
    if (element && atEnd.current) element.scrollTop = element.scrollHeight;
  });
  return ref;
}

/** Most tasks of a node whose logs have a button. */
const MOST_TASKS = 12;

/** The logs of a node's tasks: swarm has none of a node. */
export function NodeLogs({ tasks }: { tasks: readonly TaskView[] }) {
  const shown = tasks.slice(0, MOST_TASKS);
  const others = tasks.length - shown.length;
  return (
    <>
      <ul className="flex flex-wrap gap-2">
        {shown.map(({ id, name, state }) => (
          <li key={id}>
            <ActionButton
              className="max-w-full wrap-anywhere whitespace-pre-wrap"
              action={{ kind: 'logs', of: { task: id } }}
            >
              {name} <span className="text-xs text-dim">{state}</span>
            </ActionButton>
          </li>
        ))}
      </ul>
      {others > 0 && (
        <p className="mt-1 text-xs text-dim">{`${others} more are in the details of their tasks.`}</p>
      )}
    </>
  );
}
