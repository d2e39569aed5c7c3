import { memo, useState, type KeyboardEvent } from 'react';
import { clockTime } from '@/lib/swarm/duration';
import { Button } from '../ui/Button';
import { Input, Select } from '../ui/Field';
import { grouped } from '../ui/words';
import type { FollowPause } from './follow';
import type { LineSources } from './line-sources';
import type { ListSnapshot } from './log-list';
import type { LogFilter, LogSearch } from './log-search';
import { RANGES, type LogOf, type LogRange } from './log-target';
import { LogDownload } from './LogDownload';

/** The controls of a log. On phones those that are needed rarely are behind a button. */
export const LogToolbar = memo(function LogToolbar({
  of,
  name,
  range,
  onRange,
  filter,
  search,
  onFilter,
  sources,
  wrap,
  onWrap,
  pause,
  onPause,
  all,
  at,
  onStep,
  onTake,
}: {
  of: LogOf;
  name: string;
  range: LogRange;
  onRange: (range: LogRange) => void;
  filter: LogFilter;
  /** What the lines show; it may be a moment behind the filter. */
  search: LogSearch;
  onFilter: (filter: LogFilter) => void;
  sources: LineSources;
  wrap: boolean;
  onWrap: (wrap: boolean) => void;
  pause: FollowPause;
  onPause: (pause: FollowPause) => void;
  /** How many lines match the search, and which of them is current (0: none). */
  all: number;
  at: number;
  onStep: (direction: 1 | -1) => void;
  /** Returns the entries that are shown now. */
  onTake: () => ListSnapshot;
}) {
  const [more, setMore] = useState(false);
  const set = (change: Partial<LogFilter>) => onFilter({ ...filter, ...change });
  const rare = more ? '' : 'max-sm:hidden';
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-3 py-1.5 text-xs sm:px-4">
      <Search
        query={filter.query}
        all={all}
        at={at}
        onQuery={(query) => set({ query })}
        onStep={onStep}
      />
      <Button
        className="min-w-18"
        aria-pressed={pause !== null}
        onClick={() => onPause(pause === null ? 'button' : null)}
      >
        {pause === null ? 'Pause' : 'Follow'}
      </Button>
      <Button className="sm:hidden" aria-expanded={more} onClick={() => setMore(!more)}>
        More
      </Button>
      <Check
        className={rare}
        label="Matches only"
        checked={filter.matchesOnly}
        onChange={(matchesOnly) => set({ matchesOnly })}
      />
      <Check className={rare} label="Wrap lines" checked={wrap} onChange={onWrap} />
      {'service' in of && (
        <>
          <Choice
            className={rare}
            label="Task"
            value={filter.taskId}
            all="All tasks"
            choices={tasksOf(sources)}
            onChange={(taskId) => set({ taskId })}
          />
          <Choice
            className={rare}
            label="Node"
            value={filter.nodeId}
            all="All nodes"
            choices={nodesOf(sources)}
            onChange={(nodeId) => set({ nodeId })}
          />
        </>
      )}
      <Select
        aria-label="Lines shown"
        className={rare}
        value={range}
        onChange={({ target }) => onRange(target.value as LogRange)}
      >
        {rangesWith(range).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
      <LogDownload
        className={rare}
        of={of}
        name={name}
        search={search}
        sources={sources}
        onTake={onTake}
      />
    </div>
  );
});

function Search({
  query,
  all,
  at,
  onQuery,
  onStep,
}: {
  query: string;
  all: number;
  at: number;
  onQuery: (query: string) => void;
  onStep: (direction: 1 | -1) => void;
}) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      onStep(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape' && query) {
      event.preventDefault();
      onQuery('');
    }
  };
  return (
    <search className="flex min-w-0 items-center gap-1 max-sm:w-full">
      <Input
        type="search"
        className="w-44 max-sm:w-auto max-sm:flex-1 min-[85rem]:w-64"
        aria-label="Search the lines"
        placeholder="Search"
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={({ target }) => onQuery(target.value)}
        onKeyDown={onKeyDown}
      />
      <span className="w-24 flex-none text-dim max-sm:w-20" data-matches={query ? all : undefined}>
        {query && (at > 0 ? `${grouped(at)} of ${grouped(all)}` : matchesText(all))}
      </span>
      <Button
        look="bare"
        aria-label="Previous match"
        disabled={all === 0}
        onClick={() => onStep(-1)}
      >
        ↑
      </Button>
      <Button look="bare" aria-label="Next match" disabled={all === 0} onClick={() => onStep(1)}>
        ↓
      </Button>
    </search>
  );
}

function matchesText(count: number): string {
  if (count === 0) return 'No match';
  return `${grouped(count)} ${count === 1 ? 'match' : 'matches'}`;
}

function Check({
  label,
  checked,
  onChange,
  className,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  className: string;
}) {
  return (
    <label
      className={`inline-flex min-h-7 items-center gap-1.5 whitespace-nowrap touch:min-h-11 ${className}`}
    >
      <input
        type="checkbox"
        checked={checked}
        onChange={({ target }) => onChange(target.checked)}
      />
      {label}
    </label>
  );
}

function Choice({
  label,
  value,
  all,
  choices,
  onChange,
  className,
}: {
  label: string;
  value: string | null;
  all: string;
  choices: readonly (readonly [id: string, text: string])[];
  onChange: (id: string | null) => void;
  className: string;
}) {
  return (
    <Select
      aria-label={label}
      className={`max-w-40 ${className}`}
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value || null)}
    >
      <option value="">{all}</option>
      {choices.map(([id, text]) => (
        <option key={id} value={id}>
          {text}
        </option>
      ))}
    </Select>
  );
}

/** The tasks by slot, those that swarm has removed last; with the begin of their id where several have one name. */
function tasksOf({ tasks, nodes }: LineSources): [string, string][] {
  const counts = new Map<string, number>();
  for (const { name } of tasks.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...tasks]
    .toSorted(
      ([, a], [, b]) => Number(b.listed) - Number(a.listed) || (a.slot ?? 0) - (b.slot ?? 0),
    )
    .map(([id, { name, nodeId }]) => {
      const node = nodes.get(nodeId ?? '');
      const on = node === undefined ? '' : ` on ${node}`;
      return [id, `${name}${on}${counts.get(name) === 1 ? '' : ` (${id.slice(0, 5)})`}`];
    });
}

/** The nodes that have tasks. */
function nodesOf({ tasks, nodes }: LineSources): [string, string][] {
  const holding = new Set([...tasks.values()].map(({ nodeId }) => nodeId));
  return [...nodes].filter(([id]) => holding.has(id));
}

function rangesWith(range: LogRange): readonly (readonly [LogRange, string])[] {
  const since = /^since:(\d+)$/.exec(range)?.[1];
  return since === undefined ? RANGES : [...RANGES, [range, `Since ${clockTime(Number(since))}`]];
}
