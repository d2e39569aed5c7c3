import { memo, useEffect, useState } from 'react';
import { Button } from '../ui/Button';
import { copyText } from '../ui/copy';
import { sourceName, type LineSources } from './line-sources';
import type { ListEntry } from './log-list';
import type { LogFilter } from './log-search';
import { fullTime } from './log-words';

/** What is known of the current line, and what can be done with it. Its room is kept. */
export const LogFooter = memo(function LogFooter({
  entry,
  sources,
  filter,
  onFilter,
}: {
  /** The current line; null without one. */
  entry: ListEntry | null;
  sources: LineSources;
  filter: LogFilter;
  onFilter: (filter: LogFilter) => void;
}) {
  return (
    <div className="mb-[env(safe-area-inset-bottom)] flex h-11 flex-none items-center gap-x-3 px-3 text-xs max-sm:h-12 sm:px-4">
      {entry?.kind === 'line' ? (
        <>
          <p className="line-clamp-2 min-w-0 flex-1" data-current-line>
            <b className="font-semibold">{sourceName(sources, entry.taskId)}</b>
            <span className="text-dim">
              {` on ${sources.nodes.get(entry.nodeId) ?? entry.nodeId} · ${fullTime(entry.time)} · ${entry.stream}`}
            </span>
          </p>
          <CopyLine key={entry.id} text={entry.text} />
          {filter.taskId === null ? (
            <Button
              className="flex-none max-sm:hidden"
              onClick={() => onFilter({ ...filter, taskId: entry.taskId })}
            >
              Only this task
            </Button>
          ) : (
            <Button
              className="flex-none max-sm:hidden"
              onClick={() => onFilter({ ...filter, taskId: null })}
            >
              All tasks
            </Button>
          )}
        </>
      ) : (
        <p className="line-clamp-2 text-dim">Select a line to see its exact time and to copy it.</p>
      )}
    </div>
  );
});

function CopyLine({ text }: { text: string }) {
  const [result, setResult] = useState<'Copied' | 'Not copied' | null>(null);
  useEffect(() => {
    if (!result) return undefined;
    const timer = setTimeout(() => setResult(null), 2000);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = async () => setResult((await copyText(text)) ? 'Copied' : 'Not copied');
  return (
    <>
      <Button className="w-26 flex-none" onClick={() => void copy()}>
        {result ?? 'Copy line'}
      </Button>
      <span role="status" className="sr-only">
        {result}
      </span>
    </>
  );
}
