import { runsOrFinished } from '@/lib/swarm/task-phase';
import type { NodeView } from '@/lib/swarm/view';
import { counted } from '@/lib/swarm/words';
import { filterWords, hasWords } from '../ui/words';
import type { BoardTask } from './board-tasks';
import { nodeCondition } from './node-words';

/** A node that matches the filter, with its matching tasks. */
export interface FilteredNode {
  node: NodeView;
  tasks: readonly BoardTask[];
  /** Node and tasks together; `busy`: some tasks are starting or stopping. */
  tone: 'ok' | 'busy' | 'warn' | 'bad';
  /** The tone in words: the accessible name of the node's square. */
  words: string;
}

const NONE: readonly BoardTask[] = [];

/**
 * The nodes that match every word of `text`, by their own facts or together with one of their
 * tasks. A node that needs its tasks to match keeps only those: `goweb down` leaves goweb's tasks
 * on nodes that are down. `problemsOnly` leaves out nodes whose tone is `ok`.
 */
export function filterNodes(
  nodes: readonly NodeView[],
  byNode: ReadonlyMap<string, readonly BoardTask[]>,
  text: string,
  problemsOnly: boolean,
): FilteredNode[] {
  const words = filterWords(text);
  return nodes.flatMap((node) => {
    const all = byNode.get(node.id) ?? NONE;
    const nodeText = words.length === 0 ? '' : textOf(node);
    const tasks = hasWords(nodeText, words)
      ? all
      : all.filter(({ task, service }) => hasWords(`${nodeText} ${task.name} ${service}`, words));
    if (tasks !== all && tasks.length === 0) return [];
    const filtered = filteredNode(node, tasks);
    return problemsOnly && filtered.tone === 'ok' ? [] : [filtered];
  });
}

const filteredNodes = new WeakMap<NodeView, FilteredNode>();

/** The same object while node and tasks are the same: hundreds of squares do not render again. */
function filteredNode(node: NodeView, tasks: readonly BoardTask[]): FilteredNode {
  const known = filteredNodes.get(node);
  if (known?.tasks === tasks) return known;
  const made = { node, tasks, ...summaryOf(node, tasks) };
  filteredNodes.set(node, made);
  return made;
}

function textOf({ name, state, availability, role, address, arch, engineVersion }: NodeView) {
  return `${name} ${state} ${availability} ${role} ${address ?? ''} ${arch} ${engineVersion}`
    .toLowerCase()
    .trim();
}

function summaryOf(
  node: NodeView,
  tasks: readonly BoardTask[],
): Pick<FilteredNode, 'tone' | 'words'> {
  const { tone, words } = nodeCondition(node);
  const notRunning = tasks.filter(({ task }) => !runsOrFinished(task.phase));
  const failed = notRunning.filter(({ task }) => task.phase === 'failed');
  const others = notRunning.length - failed.length;
  const parts = [
    node.name,
    words ?? 'ready',
    counted(tasks.length, 'task'),
    failed.length > 0 && `${failed.length} failed`,
    others > 0 && `${others} not running`,
  ];
  const taskTone = failed.length > 0 ? 'bad' : others > 0 ? 'busy' : 'ok';
  return { tone: tone === 'ok' ? taskTone : tone, words: parts.filter(Boolean).join(', ') };
}
