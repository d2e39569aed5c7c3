import { textNote } from '@/lib/swarm/logs/text';
import { counted } from '@/lib/swarm/words';
import { grouped } from '../ui/words';
import { copiedText, sourceName, type LineSources } from './line-sources';
import type { EntryBlock, ListSnapshot } from './log-list';
import type { LogFilter, LogSearch } from './log-search';

/** The text whose lines alone are shown; empty: all are. */
export function onlyText({ query, matchesOnly }: LogFilter): string {
  return matchesOnly ? query : '';
}

/** Whether a filter leaves lines out. */
export function leavesOut(filter: LogFilter): boolean {
  return filter.taskId !== null || filter.nodeId !== null || onlyText(filter) !== '';
}

/** Whose lines a filter shows: `goweb.2`, `goweb on zero1 with “error”`. `name`: of the log. */
export function partName(name: string, filter: LogFilter, sources: LineSources): string {
  const { taskId, nodeId } = filter;
  const node = nodeId === null ? '' : ` on ${sources.nodes.get(nodeId) ?? nodeId.slice(0, 12)}`;
  const text = onlyText(filter);
  const short = text.length > 24 ? `${text.slice(0, 24)}…` : text;
  return `${taskId === null ? name : sourceName(sources, taskId)}${node}${text && ` with “${short}”`}`;
}

/** How many lines are shown; notes are none. */
export function countShown(search: LogSearch, blocks: readonly EntryBlock[]): number {
  return blocks.reduce((sum, block) => sum + search.lines(block), 0);
}

/** `Download 312 lines of goweb.2` */
export function downloadLabel(lines: number, part: string): string {
  return `Download ${counted(grouped(lines), 'line')} of ${part}`;
}

/** What is in the engine's own log. `task`: the one whose lines are asked for; null: all. */
export function allWords(task: string | null): string {
  const own = 'All lines that the engine still has, also older ones than shown here.';
  return task === null
    ? `${own} Swarm removes old tasks with their logs: lines of removed tasks are not in it, even if they are shown here.`
    : own;
}

/** The lines that are shown, as docker prints them, with the notes between them. */
export function shownText(
  { blocks, dropped }: Pick<ListSnapshot, 'blocks' | 'dropped'>,
  search: LogSearch,
  sources: LineSources,
): string {
  const older = dropped > 0 ? [textNote('Older lines are not in this file.')] : [];
  const lines = blocks.flatMap((block) =>
    search.rows(block).map((entry) => copiedText(entry, sources)),
  );
  return [...older, ...lines].join('');
}

/** A file's name for a part of a log, on a day. */
export function fileName(part: string, at: number): string {
  const plain = part
    .replaceAll(/[“”…]/g, '')
    .replaceAll(/[^\w.-]+/g, '-')
    .replace(/-$/, '');
  return `${plain}-${new Date(at).toISOString().slice(0, 10)}.log`;
}
