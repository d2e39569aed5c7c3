const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };

/** The index that `key` moves the focus to in a grid of `count` cells; null when it moves nothing. */
export function nextInGrid(key: string, at: number, count: number, columns: number): number | null {
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = STEPS[key] ?? (key === 'ArrowUp' ? -columns : key === 'ArrowDown' ? columns : 0);
  const next = at + step;
  return step !== 0 && next >= 0 && next < count ? next : null;
}
