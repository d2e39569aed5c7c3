import { useId, useState, type ReactNode } from 'react';
import { serverNow } from '@/lib/client/clock';
import { Button } from '../ui/Button';
import {
  allWords,
  countShown,
  downloadLabel,
  fileName,
  leavesOut,
  onlyText,
  partName,
  shownText,
} from './download-words';
import type { LineSources } from './line-sources';
import type { ListSnapshot } from './log-list';
import type { LogSearch } from './log-search';
import { textPath, type LogOf } from './log-target';

/** What is shown when the choices are opened: their numbers hold until they are closed. */
type Shown = Pick<ListSnapshot, 'blocks' | 'dropped'>;

/** A log's downloads: the lines that are shown, and all that the engine has, each with what is in it. */
export function LogDownload({
  of,
  name,
  search,
  sources,
  onTake,
  className,
}: {
  of: LogOf;
  name: string;
  search: LogSearch;
  sources: LineSources;
  /** Returns what is shown now. */
  onTake: () => Shown;
  className: string;
}) {
  const id = useId();
  const [shown, setShown] = useState<Shown | null>(null);
  return (
    <>
      <Button className={className} popoverTarget={id}>
        Download
      </Button>
      <div
        id={id}
        popover="auto"
        role="group"
        aria-label="Downloads"
        className="popover"
        onToggle={({ newState }) => setShown(newState === 'open' ? onTake() : null)}
      >
        {shown && <Choices of={of} name={name} search={search} sources={sources} shown={shown} />}
      </div>
    </>
  );
}

function Choices({
  of,
  name,
  search,
  sources,
  shown,
}: {
  of: LogOf;
  name: string;
  search: LogSearch;
  sources: LineSources;
  shown: Shown;
}) {
  const { filter } = search;
  const lines = countShown(search, shown.blocks);
  const part = partName(name, filter, sources);
  const now = serverNow();
  const isRemoved = filter.taskId !== null && !sources.tasks.get(filter.taskId)?.listed;
  const { taskId: task, nodeId: node } = filter;
  return (
    <>
      <Button
        className="w-full"
        disabled={lines === 0}
        onClick={() => save(shownText(shown, search, sources), fileName(part, now))}
      >
        <span className="min-w-0 truncate">{downloadLabel(lines, part)}</span>
      </Button>
      <p className="text-dim">
        As text: the lines that the page shows now
        {shown.dropped > 0 ? ', without the older ones that it no longer holds.' : '.'}
      </p>
      {isRemoved ? (
        <p className="text-dim">Swarm has removed this task, and with it the rest of its log.</p>
      ) : (
        <>
          <TextLink
            href={textPath(of, { part: { task, node, search: onlyText(filter) } })}
            file={fileName(part, now)}
          >
            {`Download all lines of ${part}`}
          </TextLink>
          <p className="text-dim">{allWords(task)}</p>
        </>
      )}
      {leavesOut(filter) && (
        <TextLink href={textPath(of)} file={fileName(name, now)}>
          {`Download all lines of ${name}, without the filters`}
        </TextLink>
      )}
    </>
  );
}

function TextLink({ href, file, children }: { href: string; file: string; children: ReactNode }) {
  return (
    <a
      className="block truncate py-1 text-accent underline underline-offset-3 touch:py-3.5"
      href={href}
      download={file}
    >
      {children}
    </a>
  );
}

function save(text: string, file: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = file;
  link.click();
  // The browser has read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
