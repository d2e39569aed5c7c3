import type { BoardTask } from './board-tasks';
import type { NodeView } from '@/lib/swarm/view';
import { filterWords, hasWords } from '../ui/words';
import { nodeCondition } from './node-words';

/** A node that a filter leaves, with those of its tasks that it leaves. */
export interface FilteredNode {
  node: NodeView;
  tasks: readonly BoardTask[];
  /** How it fares, its tasks included; `busy`: something of it is on its way. */
  tone: 'ok' | 'busy' | 'warn' | 'bad';
  /** The same in words, for its square in the overview. */
  words: string;
}

const NONE: readonly BoardTask[] = [];

/**
 * The nodes that hold every word of the filter, in themselves or in one of their tasks; of a node
 * that does not hold them all by itself, only the tasks that do. So `goweb down` leaves goweb's
 * tasks on nodes that are down. With `trouble`, only what is not as it should be.
 */
export function filterNodes(
  nodes: readonly NodeView[],
  byNode: ReadonlyMap<string, readonly BoardTask[]>,
  text: string,
  trouble: boolean,
): FilteredNode[] {
  const words = filterWords(text);
  return nodes.flatMap((node) => {
    const all = byNode.get(node.id) ?? NONE;
    const own = words.length === 0 ? '' : nodeText(node);
    const tasks = hasWords(own, words)
      ? all
      : all.filter(({ task, service }) => hasWords(`${own} ${task.name} ${service}`, words));
    if (tasks !== all && tasks.length === 0) return [];
    const known = made.get(node);
    const one = known?.tasks === tasks ? known : { node, tasks, ...howItFares(node, tasks) };
    made.set(node, one);
    return trouble && one.tone === 'ok' ? [] : [one];
  });
}

/** As a node was last given: the same object while node and tasks are the same. */
const made = new WeakMap<NodeView, FilteredNode>();

function nodeText({ name, state, availability, role, address, arch, engineVersion }: NodeView) {
  return `${name} ${state} ${availability} ${role} ${address ?? ''} ${arch} ${engineVersion}`
    .toLowerCase()
    .trim();
}

function howItFares(
  node: NodeView,
  tasks: readonly BoardTask[],
): Pick<FilteredNode, 'tone' | 'words'> {
  const { tone, words } = nodeCondition(node);
  const not = tasks.filter(({ task }) => !task.counts);
  const broken = not.filter(({ task }) => task.state === 'failed' || task.state === 'rejected');
  const said = [
    node.name,
    words ?? 'ready',
    `${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}`,
    broken.length > 0 && `${broken.length} failed`,
    not.length > broken.length && `${not.length - broken.length} not running`,
  ];
  const worst = tone !== 'ok' ? tone : broken.length > 0 ? 'bad' : not.length > 0 ? 'busy' : 'ok';
  return { tone: worst, words: said.filter(Boolean).join(', ') };
}

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };

/** Where an arrow key leads in a grid of `count` squares, `columns` to a row; null: nowhere. */
export function stepInGrid(key: string, at: number, count: number, columns: number): number | null {
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = STEPS[key] ?? (key === 'ArrowUp' ? -columns : key === 'ArrowDown' ? columns : 0);
  const next = at + step;
  return step !== 0 && next >= 0 && next < count ? next : null;
}
