import type { Run } from '@/lib/curl/run';
import { shownVerdict } from '@/lib/curl/shown-verdict';
import { briefStory } from '@/lib/curl/story';
import type { BoardTask } from './board-tasks';

/** For how long a change of the swarm stands in place of the verdict (ms). */
export const NEWS_MS = 30_000;

/** Badges with a longer text do not fit a place of the mini board. */
const MAX_LETTERS = 2;

/** The mini board's words on a run: while it goes the last change and what it cost, for a while; else the verdict. */
export function miniRunWords(
  run: Pick<Run, 'state' | 'marks'> & Parameters<typeof shownVerdict>[0],
  services: Parameters<typeof shownVerdict>[1],
  now: number,
): string {
  const last = run.marks.at(-1);
  const isNews = run.state === 'running' && last && now - last.time < NEWS_MS;
  return isNews ? briefStory(last) : shownVerdict(run, services);
}

/** The tasks whose badge a place of the mini board can show; it counts the others. */
export function tasksWithLetter(tasks: readonly BoardTask[]): readonly BoardTask[] {
  return tasks.filter(({ badge }) => typeof badge !== 'string' || badge.length <= MAX_LETTERS);
}
