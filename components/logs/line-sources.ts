import type { Badge } from '@/lib/client/use-badges';
import { seatsOf } from '@/lib/swarm/badges';
import { textLine, textNote } from '@/lib/swarm/logs/text';
import type { SwarmView, TaskView } from '@/lib/swarm/view';
import { SLOT_COLOURS } from '../ui/slot';
import type { NewListEntry } from './log-list';

/** Who wrote a line. */
export interface LineSource {
  readonly name: string;
  readonly badge: Badge;
  /** The slot whose colour its lines have, also where another service is curled; null: unknown. */
  readonly colour: number | null;
  readonly slot: number | null;
  readonly nodeId: string | null;
  /** The swarm still lists it. */
  readonly listed: boolean;
}

/** The tasks and nodes of a log, by id. */
export interface LineSources {
  readonly tasks: ReadonlyMap<string, LineSource>;
  readonly nodes: ReadonlyMap<string, string>;
}

export const NO_SOURCES: LineSources = { tasks: new Map(), nodes: new Map() };

/** Tasks that are remembered: those of a crash loop are many. */
const MAX_TASKS = 2000;

/**
 * The sources with those of the present view. Tasks that swarm has removed stay, as their lines do. The same object while
 * nothing has changed.
 */
export function withView(
  before: LineSources,
  {
    tasks,
    nodes,
    goneNodes,
  }: { tasks: readonly TaskView[] } & Pick<SwarmView, 'nodes' | 'goneNodes'>,
  badgeOf: (task: TaskView) => Badge,
): LineSources {
  const seatOf = seatsOf({ nodes, goneNodes });
  const nowNodes = new Map([...goneNodes, ...nodes].map(({ id, name }) => [id, name]));
  const present = new Map(
    tasks.map((task): [string, LineSource] => [
      task.id,
      {
        name: task.name,
        badge: badgeOf(task),
        colour: colourOf(seatOf(task)),
        slot: task.slot,
        nodeId: task.nodeId,
        listed: true,
      },
    ]),
  );
  const past = [...before.tasks]
    .filter(([id]) => !present.has(id))
    .slice(-MAX_TASKS)
    .map(([id, source]): [string, LineSource] => [
      id,
      source.listed ? { ...source, listed: false } : source,
    ]);
  const next = { tasks: new Map([...past, ...present]), nodes: nowNodes };
  return isSame(before, next) ? before : next;
}

/** The slots of a job start at 0, for which there is no colour. */
function colourOf(seat: number | null): number | null {
  return seat === 0 ? SLOT_COLOURS : seat;
}

function isSame(a: LineSources, b: LineSources): boolean {
  if (a.tasks.size !== b.tasks.size || a.nodes.size !== b.nodes.size) return false;
  for (const [id, name] of b.nodes) if (a.nodes.get(id) !== name) return false;
  for (const [id, source] of b.tasks) {
    const other = a.tasks.get(id);
    if (
      !other ||
      other.name !== source.name ||
      other.badge !== source.badge ||
      other.colour !== source.colour ||
      other.nodeId !== source.nodeId ||
      other.listed !== source.listed
    )
      return false;
  }
  return true;
}

/** What a source is called: `goweb.2`; of a task that was never listed, the begin of its id. */
export function sourceName(sources: LineSources, taskId: string): string {
  return sources.tasks.get(taskId)?.name ?? (taskId === '' ? 'unknown task' : taskId.slice(0, 12));
}

/** An entry as docker prints it: `TIME goweb.2.ID@zero1    | text`. */
export function copiedText(entry: NewListEntry, { tasks, nodes }: LineSources): string {
  if (entry.kind === 'note') return textNote(entry.text);
  const name = tasks.get(entry.taskId)?.name;
  const names = name === undefined ? [] : [[entry.taskId, name] as const];
  return textLine(entry, { tasks: new Map(names), nodes });
}
