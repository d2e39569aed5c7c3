import { memo } from 'react';
import { SlotBadge } from '../ui/SlotBadge';
import { sourceName, type LineSources } from './line-sources';
import type { EntryBlock, ListEntry, ListLine } from './log-list';
import type { LogSearch } from './log-search';
import { fullTime, lineTime } from './log-words';

/** The element id of a line. */
export const lineId = (list: string, id: number) => `${list}line${id}`;

/** The lines of a block that are shown; only its height while it is far from the window. */
export const LogBlock = memo(function LogBlock({
  list,
  block,
  search,
  sources,
  current,
  height,
}: {
  /** Id of the list, for the lines' ids. */
  list: string;
  block: EntryBlock;
  search: LogSearch;
  sources: LineSources;
  /** The current line, if it is in this block. */
  current: number | null;
  /** Null: rendered. */
  height: number | null;
}) {
  if (height !== null)
    return <div data-block={block.key} className="contain-strict" style={{ height }} />;
  return (
    <div
      data-block={block.key}
      data-rendered
      className="contain-layout contain-style unwrapped:w-max unwrapped:min-w-full"
    >
      {search.rows(block).map((entry) => (
        <Row
          key={entry.id}
          id={lineId(list, entry.id)}
          entry={entry}
          search={search}
          sources={sources}
          current={entry.id === current}
        />
      ))}
    </div>
  );
});

interface RowProps<T extends ListEntry> {
  id: string;
  entry: T;
  search: LogSearch;
  sources: LineSources;
  current: boolean;
}

const ROW =
  'scroll-my-8 border-l-2 px-2 aria-selected:bg-raise aria-selected:outline aria-selected:-outline-offset-1 aria-selected:outline-accent';

/** Badge, time, node, stream and text side by side; on phones the text is below. Without wrapping the list scrolls sideways. */
const LINE =
  'grid grid-cols-[2rem_3.7rem_4.5rem_1.7rem_minmax(0,1fr)] items-start gap-x-2 max-sm:grid-cols-[1.7rem_3.7rem_5rem_minmax(0,1fr)] max-sm:py-0.5 unwrapped:w-max unwrapped:min-w-full sm:unwrapped:grid-cols-[2rem_3.7rem_4.5rem_1.7rem_minmax(max-content,1fr)] max-sm:unwrapped:grid-cols-[1.7rem_3.7rem_5rem_minmax(max-content,1fr)]';
/** Marks that are stacked on a letter do not cover other lines, and a text's direction changes nothing beside it. */
const TEXT =
  'min-w-0 overflow-y-clip whitespace-pre-wrap wrap-anywhere [tab-size:4] [unicode-bidi:isolate] sm:col-start-5 max-sm:col-[2/-1] unwrapped:w-max unwrapped:whitespace-pre';

const Row = memo(function Row({ entry, ...rest }: RowProps<ListEntry>) {
  if (entry.kind === 'line') return <LineRow entry={entry} {...rest} />;
  return (
    <div
      role="option"
      id={rest.id}
      aria-selected={rest.current}
      data-line={entry.id}
      data-note
      className={`${ROW} border-warn-fill font-sans text-warn`}
    >
      {rest.sources.tasks.get(entry.taskId ?? '')?.name} {entry.text}
    </div>
  );
});

function LineRow({ id, entry, search, sources, current }: RowProps<ListLine>) {
  const { taskId, nodeId, time, stream, text, cut } = entry;
  const isError = stream === 'stderr';
  const source = sources.tasks.get(taskId);
  const name = sourceName(sources, taskId);
  const node = sources.nodes.get(nodeId) ?? nodeId;
  return (
    <div
      role="option"
      id={id}
      aria-selected={current}
      data-line={entry.id}
      data-task={taskId}
      data-node-id={nodeId}
      data-stream={stream}
      className={`${ROW} ${LINE} ${isError ? 'border-bad-fill' : 'border-transparent'}`}
    >
      <SlotBadge
        slot={source?.badge ?? null}
        colour={source?.colour ?? null}
        className="mt-px h-4.5 select-none justify-self-start max-sm:row-span-2"
      />
      <span className="sr-only">{name}</span>
      <span className="text-dim" title={`${fullTime(time)}, by the clock of ${node}`}>
        {lineTime(time)}
      </span>
      <span className="truncate text-dim" title={`${name} on ${node}`}>
        {node}
      </span>
      {isError && <span className="text-bad">err</span>}
      <span className={TEXT} dir="ltr">
        {search.parts(text).map((part, at) =>
          part.isMatch ? (
            <mark key={at} className="bg-slot-5 text-slot-ink">
              {part.text}
            </mark>
          ) : (
            part.text
          ),
        )}
        {cut && <span className="text-warn"> … cut after 16 KiB</span>}
      </span>
    </div>
  );
}
