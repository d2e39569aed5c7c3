'use client';

import { useMemo, useState, type ReactNode } from 'react';
import { Filter } from '../ui/Filter';
import { Pager } from '../ui/Pager';
import { countWords, filterWords, hasWords } from '../ui/words';

const PAGE_SIZE = 100;
/** Shorter tables have no filter. */
const MIN_ROWS_FOR_FILTER = 12;

/** A table with a filter and pages, in a box that scrolls on its own so that the page never scrolls sideways. */
export function PagedTable<T>({
  noun,
  hint,
  items,
  text,
  children,
}: {
  /** What a row is, in the plural. */
  noun: string;
  /** The filter's placeholder. */
  hint: string;
  items: readonly T[];
  /** The text that the filter searches. */
  text: (item: T) => string;
  /** Renders the rows of a page; `before` is the last row of the previous page. */
  children: (rows: readonly T[], before: T | undefined) => ReactNode;
}) {
  const [query, setQuery] = useState('');
  const [from, setFrom] = useState(0);
  const matches = useMemo(() => {
    const words = filterWords(query);
    return words.length === 0
      ? items
      : items.filter((item) => hasWords(text(item).toLowerCase(), words));
  }, [items, query, text]);
  const first = Math.min(
    from,
    Math.max(0, Math.floor((matches.length - 1) / PAGE_SIZE) * PAGE_SIZE),
  );
  return (
    <>
      {(items.length >= MIN_ROWS_FOR_FILTER || query !== '') && (
        <div className="mb-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <Filter
            label={`Filter ${noun}`}
            hint={hint}
            value={query}
            count={countWords(matches.length, items.length, noun)}
            onChange={(value) => {
              setQuery(value);
              setFrom(0);
            }}
          />
          <Pager
            label={noun}
            from={first}
            size={PAGE_SIZE}
            all={matches.length}
            onChange={setFrom}
          />
        </div>
      )}
      <div
        className="scrolls max-h-[70vh]"
        // Safari scrolls a box by keyboard only if it can have the focus.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="group"
        aria-label={`${noun} table`}
      >
        {children(matches.slice(first, first + PAGE_SIZE), matches[first - 1])}
      </div>
      {matches.length === 0 && (
        <p className="py-3 text-dim">
          {items.length === 0 ? `No ${noun}.` : `No ${noun} match “${query}”.`}
        </p>
      )}
    </>
  );
}
