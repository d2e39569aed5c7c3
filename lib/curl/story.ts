import { counted } from '../swarm/words';
import type { Entry, Mark, RunRollout, Run } from './run';

/** Maximum changes that are described one by one. */
const MAX_TOLD = 8;
/** Kinds of marks that begin a rollout. */
const ROLLOUTS = /^(update|rollback)$/;
/** States of a rollout that went as it should. */
const GOOD = /^(updating|completed)$/;

/**
 * Describes a run's marks in one paragraph: `goweb.2 on zero3 died at 12:04:31. 3 of 150
 * requests failed, the last one 0.8 s later; the replacement answered after 7.2 s.` Empty without
 * marks. An update that failed is described with its outcome. `clock` formats a time (ms since the epoch) in the reader's time zone.
 */
export function storyOf(
  run: Pick<Run, 'marks' | 'sent' | 'drill'> & {
    readonly rollouts?: readonly Pick<RunRollout, 'at' | 'state' | 'summary'>[];
    readonly entries: readonly Pick<Entry, 'name' | 'unreachable'>[];
  },
  clock: (time: number) => string,
): string {
  const { rollouts = [] } = run;
  const sentences = run.marks.slice(0, MAX_TOLD).map((mark) => {
    const rollout = ROLLOUTS.test(mark.kind) && rollouts.find(({ at }) => at === mark.at);
    return rollout && !GOOD.test(rollout.state)
      ? `${happened(mark, clock)} ${rollout.summary}`
      : tell(mark, run.sent, clock);
  });
  const untold = run.marks.length - sentences.length;
  if (untold > 0) sentences.push(`${counted(untold, 'more change')} followed.`);
  if (run.drill?.state === 'failed' && run.drill.problem) {
    sentences.push(`The drill failed: ${run.drill.problem}`);
  }
  const apart = run.entries.filter(({ unreachable }) => unreachable.length > 0);
  if (sentences.length > 0 && apart.length > 0) {
    const names = apart.map(({ name }) => name).join(', ');
    sentences.push(
      `${names} could not be reached from here: failures there are not counted as lost.`,
    );
  }
  return sentences.join(' ');
}

/** A change and what it has cost so far, as short as it can be: `zero3 went down: 2 requests lost, goweb.4 answered after 2.2 s`. */
export function briefStory({ text, cost }: Pick<Mark, 'text' | 'cost'>): string {
  const { lost, firstAnswerMs, firstAnswerBy } = cost;
  const costs = [lost === 0 ? 'no request lost' : `${counted(lost, 'request')} lost`];
  if (firstAnswerMs !== null && firstAnswerBy) {
    costs.push(`${firstAnswerBy.name} answered after ${seconds(Math.max(0, firstAnswerMs))}`);
  }
  return `${text}: ${costs.join(', ')}`;
}

function tell(mark: Mark, sent: number, clock: (time: number) => string): string {
  const costs = [loss(mark, sent), newTask(mark)].filter((part) => part !== '');
  const what = happened(mark, clock);
  return costs.length === 0 ? what : `${what} ${costs.join('; ')}.`;
}

function happened({ text, time }: Mark, clock: (time: number) => string): string {
  return `${text} at ${clock(time)}.`;
}

function loss({ kind, cost }: Mark, sent: number): string {
  const { lost, firstLostMs, lastLostMs } = cost;
  if (lost === 0 || firstLostMs === null || lastLostMs === null) {
    return kind === 'node up' || kind === 'activate' || kind === 'pause' ? '' : 'No request failed';
  }
  const failed = `${lost} of ${counted(sent, 'request')} failed`;
  if (lost === 1) return `${failed}, ${when(lastLostMs)}`;
  if (firstLostMs >= -BEFORE_MS) return `${failed}, the last one ${when(lastLostMs)}`;
  return lastLostMs < -BEFORE_MS
    ? `${failed}, ${span(-lastLostMs, -firstLostMs)} before swarm noticed`
    : `${failed}, the first ${seconds(-firstLostMs)} before swarm noticed, the last one ${when(lastLostMs)}`;
}

/** Times closer than this (ms) are described as simultaneous. */
const NOW_MS = 50;
/** The same before a mark: a task's failure is reported a few tenths of a second late. */
const BEFORE_MS = 1000;

function when(ms: number): string {
  if (ms < -BEFORE_MS) return `${seconds(-ms)} before swarm noticed`;
  return ms <= NOW_MS ? 'at that moment' : `${seconds(ms)} later`;
}

function newTask({ kind, cost }: Mark): string {
  const { firstAnswerMs } = cost;
  if (firstAnswerMs === null) {
    return kind === 'task failed' ? 'no replacement has answered' : '';
  }
  const who = kind === 'task failed' ? 'the replacement' : 'the first new task';
  return `${who} answered after ${seconds(Math.max(0, firstAnswerMs))}`;
}

function seconds(ms: number): string {
  return ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** `7–11 s` */
function span(from: number, to: number): string {
  const [first, last] = [Math.round(from / 1000), Math.round(to / 1000)];
  return first === last ? `${first} s` : `${first}–${last} s`;
}
