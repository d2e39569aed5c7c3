'use client';

import {
  memo,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type ClipboardEvent,
  type KeyboardEvent,
  type MouseEvent,
} from 'react';
import { useWidth } from '../ui/use-width';
import { BlockHeights } from './block-heights';
import { pauseAfterScroll, type FollowPause } from './follow';
import { copiedText, type LineSources } from './line-sources';
import type { EntryBlock, ListSnapshot } from './log-list';
import { stepLine, type LogSearch } from './log-search';
import { LogBlock, lineId } from './LogLine';
import { useSelection } from './use-selection';
import { visibleBlocks } from './visible-blocks';

/** So far beyond the window lines are rendered (px): for who scrolls, and while the list follows, when each is soon gone. */
const MARGIN = 600;
const FOLLOWED_MARGIN = 100;

/** How far the list is scrolled (px), null: to its end; and the height of the window onto it. */
interface Position {
  readonly top: number | null;
  readonly height: number;
}

/** A line to scroll to; another object scrolls again. */
export interface Reveal {
  readonly id: number;
  /** What had the focus goes away: the list gets it. */
  readonly focus?: boolean;
}

/**
 * The lines of a log. Only the blocks near the window are rendered, and those with a selection. While the log is followed
 * its end stays in sight.
 */
export const LogLines = memo(function LogLines({
  snapshot: { blocks, following },
  search,
  sources,
  wrap,
  current,
  reveal,
  pause,
  onPause,
  onCurrent,
}: {
  snapshot: ListSnapshot;
  search: LogSearch;
  sources: LineSources;
  wrap: boolean;
  /** The line that is read, by its id. */
  current: number | null;
  reveal: Reveal | null;
  pause: FollowPause;
  onPause: (pause: FollowPause) => void;
  onCurrent: (id: number | null) => void;
}) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [sizer, width] = useWidth();
  const [position, setPosition] = useState<Position>({ top: null, height: 0 });
  const holdForSelection = useCallback(() => {
    if (following) onPause('selection');
  }, [following, onPause]);
  const selected = useSelection(scroller, holdForSelection);
  const [heights] = useState(() => new BlockHeights());
  const layout = `${wrap} ${width}`;
  const scrolledTo = useRef(0);

  const all = blocks.map((block) => heights.of(block, search.rows(block).length, layout));
  const window = {
    top: following ? null : position.top,
    height: position.height,
    margin: following ? FOLLOWED_MARGIN : MARGIN,
  };
  const { first, end } = visibleBlocks(all, window);
  const isRendered = (block: EntryBlock, at: number) =>
    (at >= first && at < end) ||
    (selected !== null && block.key >= selected.from && block.key <= selected.to) ||
    has(block, current) ||
    has(block, reveal?.id ?? null);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    heights.measure(element, layout);
    if (following) element.scrollTop = element.scrollHeight;
    scrolledTo.current = element.scrollTop;
  });

  useLayoutEffect(() => {
    const element = reveal && document.getElementById(lineId(id, reveal.id));
    if (reveal?.focus) scroller.current?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: 'center', inline: 'nearest' });
  }, [reveal, id]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() =>
      setPosition(({ top }) => ({ top, height: element.clientHeight })),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop, clientHeight, scrollHeight } = element;
    const below = scrollHeight - clientHeight - scrollTop;
    const next = pauseAfterScroll(pause, { by: scrollTop - scrolledTo.current, below });
    scrolledTo.current = scrollTop;
    if (next !== pause) onPause(next);
    // While it follows the position is the end, so that its own scrolling renders nothing.
    const top = next === null ? null : scrollTop;
    setPosition((before) =>
      before.top === top && before.height === clientHeight ? before : { top, height: clientHeight },
    );
  };
  /** The user scrolls: before the next lines take the list to its end again. */
  const holdForScroll = () => {
    const element = scroller.current;
    if (following && element && element.scrollHeight > element.clientHeight) onPause('scroll');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      onCurrent(stepLine(search, blocks, current, current === null ? 0 : by));
    } else if (event.key === 'End') onPause(null);
    else if (event.key === 'Home' || event.key === 'PageUp') holdForScroll();
  };
  const onClick = ({ target }: MouseEvent) => {
    if (!getSelection()?.isCollapsed) return;
    const line = target instanceof Element ? target.closest<HTMLElement>('[data-line]') : null;
    if (line) onCurrent(Number(line.dataset.line));
  };

  /** Several lines are copied as docker prints them, not as what is beside them on the page. */
  const onCopy = (event: ClipboardEvent<HTMLDivElement>) => {
    const selection = getSelection();
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-line]')].filter(
      (row) => selection?.containsNode(row, true),
    );
    if (rows.length < 2) return;
    event.preventDefault();
    const ids = new Set(rows.map(({ dataset }) => Number(dataset.line)));
    const copied = blocks.flatMap(({ entries }) => entries.filter(({ id }) => ids.has(id)));
    event.clipboardData.setData(
      'text/plain',
      copied.map((one) => copiedText(one, sources)).join(''),
    );
  };

  const isEmpty = blocks.every((block) => search.rows(block).length === 0);
  const active =
    current !== null && blocks.some((block, at) => has(block, current) && isRendered(block, at));
  return (
    // A list with a current line, or text in place of one.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      ref={scroller}
      role={isEmpty ? 'region' : 'listbox'}
      aria-label="Log lines"
      aria-activedescendant={active ? lineId(id, current) : undefined}
      data-lines
      data-following={following}
      data-wrap={wrap ? 'on' : 'off'}
      // The browser's own anchoring keeps what is read in its place when blocks above it are rendered.
      className="absolute inset-0 contain-strict overflow-auto overscroll-contain bg-well py-1 font-mono text-xs/5 focus-visible:-outline-offset-2"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
      tabIndex={0}
      onScroll={onScroll}
      onWheel={({ deltaY }) => {
        if (deltaY < 0) holdForScroll();
      }}
      onTouchMove={holdForScroll}
      onPointerDown={({ pointerType, button, target, currentTarget }) => {
        // Not on the scroll bar.
        const isLine = target !== currentTarget;
        if (isLine && pointerType === 'mouse' && button === 0) holdForSelection();
      }}
      onClick={onClick}
      onCopy={onCopy}
      onKeyDown={onKeyDown}
    >
      <div ref={sizer} />
      {blocks.map((block, at) => (
        <LogBlock
          key={block.key}
          list={id}
          block={block}
          search={search}
          sources={sources}
          current={has(block, current) ? current : null}
          height={isRendered(block, at) ? null : (all[at] ?? 0)}
        />
      ))}
    </div>
  );
});

function has({ entries, key }: EntryBlock, id: number | null): boolean {
  return id !== null && id >= key && id <= (entries.at(-1)?.id ?? key);
}
