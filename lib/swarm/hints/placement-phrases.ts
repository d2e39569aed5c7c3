import type { EngineTask } from '../engine-json';
import { naturalOrder } from '../natural';
import type { Cluster, Failure, FilterName, NodeLoad } from '../placement/placement';
import { shell, shellWord } from '../shell';
import { inSentence, listed } from '../words';

/** Building blocks of the sentences about a waiting task. */

/** A node and all that keeps the task off it. */
export interface Judged {
  load: NodeLoad;
  failures: readonly Failure[];
}

/** The failure of one filter, on one node. */
export type Of<F extends FilterName> = Extract<Failure, { filter: F }>;

/** What a sentence is made from. */
export interface Scene {
  task: EngineTask;
  /** The service's name, for sentences and for commands. */
  service: string;
  serviceRef: string;
  cluster: Cluster;
  /** `other ` where one node is left out, as the task has to leave it. */
  other: string;
  /** The nodes that the task could go to. */
  judged: readonly Judged[];
}

/** Maximum of groups, plug-ins or constraints that a sentence names; it counts the others. */
export const MOST_GROUPS = 3;

/** Maximum length of a command: names and labels can have any length, and a longer command cannot be checked by eye. */
const LONGEST_COMMAND = 300;

/** The group's failures of one filter, each with its node. */
export function ofFilter<F extends FilterName>(group: readonly Judged[], filter: F) {
  return group.flatMap(({ load, failures }) => {
    const failure = failures.find((one): one is Of<F> => one.filter === filter);
    return failure ? [{ load, failure }] : [];
  });
}

/** `zero1, zero2 and zero3`. */
export function names(group: readonly { load: NodeLoad }[]): string {
  return listed(
    group
      .map(({ load }) => load.name)
      .sort(naturalOrder)
      .map(inSentence),
  );
}

/** The verb after `names(group)`. */
export const verb = (group: readonly unknown[], plural: string, singular: string) =>
  group.length === 1 ? singular : plural;

/** The command at the end of a sentence; the sentence ends without one that is too long. */
export function cure(command: string, after = ''): string {
  return command.length > LONGEST_COMMAND ? '.' : `: \`${command}\`${after}.`;
}

/** The texts of the first groups, then `rest` for the remaining nodes. */
export function groupsInWords<T>(
  groups: readonly (readonly T[])[],
  words: (group: readonly T[]) => string,
  rest: (count: number) => string,
): string {
  const shown = groups.slice(0, MOST_GROUPS).map(words);
  const count = groups.slice(MOST_GROUPS).flat().length;
  return listed(count > 0 ? [...shown, rest(count)] : shown);
}

/** An option with its value as a shell reads it. */
export const option = (name: string, value: string) =>
  `${name}${value.startsWith('-') ? '=' : ' '}${shellWord(value)}`;

/** `docker service update OPTIONS NAME`. */
export const command = (what: string, options: readonly string[], name: string) =>
  [what, ...options].join(' ') + shell` ${name}`;
