import type { LogLine } from './lines';

/**
 * The lines of several tasks in order of time. Each task's own lines keep their order, also after its node's clock was
 * set back: a line counts as at least as late as the one before it.
 */
export function inTimeOrder<T extends Pick<LogLine, 'taskId' | 'time'>>(lines: readonly T[]): T[] {
  const latest = new Map<string, string>();
  return lines
    .map((line) => {
      const before = latest.get(line.taskId) ?? '';
      const time = line.time < before ? before : line.time;
      latest.set(line.taskId, time);
      return { line, time };
    })
    .sort((a, b) => (a.time < b.time ? -1 : Number(a.time > b.time)))
    .map(({ line }) => line);
}
