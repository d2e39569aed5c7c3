/** The blocks that are rendered: indexes from `first` up to, but not including, `end`. */
export interface BlockRange {
  readonly first: number;
  readonly end: number;
}

/**
 * The blocks within `margin` px of the window onto a list. `heights` are those of all blocks. `top`: how far the list is
 * scrolled; null: to its end.
 */
export function visibleBlocks(
  heights: readonly number[],
  { top, height, margin }: { top: number | null; height: number; margin: number },
): BlockRange {
  let all = 0;
  for (const one of heights) all += one;
  const begin = top ?? Math.max(0, all - height);
  let first = 0;
  let y = 0;
  for (; first < heights.length - 1; first += 1) {
    const bottom = y + (heights[first] ?? 0);
    if (bottom >= begin - margin) break;
    y = bottom;
  }
  let end = first;
  for (; end < heights.length; end += 1) {
    if (end > first && y > begin + height + margin) break;
    y += heights[end] ?? 0;
  }
  return { first, end };
}
