'use client';

import { useMemo, useState, type ReactNode } from 'react';
import { Filter } from '../ui/Filter';
import { Pager } from '../ui/Pager';
import { countWords, filterWords, hasWords } from '../ui/words';

/** Rows on a page, and from how many on there is a filter. */
const PAGE = 100;
const FILTER_FROM = 12;

/**
 * A table's rows, filtered and page by page, in a box that scrolls by itself and never the page
 * sideways. Only a page of rows is ever made, however long the list.
 */
export function Paged<T>({
  noun,
  hint,
  items,
  text,
  children,
}: {
  /** What the rows are, in the plural. */
  noun: string;
  /** What may be typed into the filter. */
  hint: string;
  items: readonly T[];
  /** What the filter looks at. */
  text: (item: T) => string;
  /** The table of these rows; `before` is the row that stands before the first of them. */
  children: (rows: readonly T[], before: T | undefined) => ReactNode;
}) {
  const [typed, setTyped] = useState('');
  const [from, setFrom] = useState(0);
  const left = useMemo(() => {
    const words = filterWords(typed);
    return words.length === 0
      ? items
      : items.filter((item) => hasWords(text(item).toLowerCase(), words));
  }, [items, typed, text]);
  const first = Math.min(from, Math.max(0, Math.floor((left.length - 1) / PAGE) * PAGE));
  return (
    <>
      {(items.length >= FILTER_FROM || typed !== '') && (
        <div className="mb-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <Filter
            label={`Filter ${noun}`}
            hint={hint}
            value={typed}
            count={countWords(left.length, items.length, noun)}
            onChange={(value) => {
              setTyped(value);
              setFrom(0);
            }}
          />
          <Pager label={noun} from={first} size={PAGE} all={left.length} onChange={setFrom} />
        </div>
      )}
      <div
        className="max-h-[70vh] overflow-auto"
        // So that the keyboard can scroll it too, in browsers that need to be told.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="group"
        aria-label={`${noun} table`}
      >
        {children(left.slice(first, first + PAGE), left[first - 1])}
      </div>
      {left.length === 0 && (
        <p className="py-3 text-dim">
          {items.length === 0 ? `No ${noun}.` : `No ${noun} match “${typed}”.`}
        </p>
      )}
    </>
  );
}
