import type { NodeView, SwarmView } from '@/lib/swarm/view';
import { counted } from '@/lib/swarm/words';
import { boardPlaces, type BoardPlace } from '../board/board-places';
import type { BoardTask } from '../board/board-tasks';
import { foldedTasks } from '../board/visible-tasks';
import { slotLook } from '../ui/slot';

/**
 * How a task is shown: two large lines, two lines, one line, or its badge alone, which is wide with more than two
 * characters.
 */
export type ChipSize = 'large' | 'full' | 'line' | 'badge' | 'wide';

/** Cards of full height side by side. */
const MAX_CARDS = 5;
/** Small cells in the row below them. */
const MAX_CELLS = 8;
/** Badges in such a cell. */
const CELL_BADGES = { badge: 3, wide: 2 };

/** How many tasks fit on a card: alone, and with a row of cells below the cards (StageBoard.tsx has the sizes). */
const FITTING: Record<'tall' | 'short', Record<ChipSize, number>> = {
  tall: { large: 2, full: 3, line: 5, badge: 25, wide: 15 },
  short: { large: 1, full: 2, line: 3, badge: 15, wide: 9 },
};

/** The nodes of the stage. */
export interface StagePlaces {
  cards: readonly BoardPlace[];
  cells: readonly NodeView[];
  /** Nodes without a cell. */
  more: readonly NodeView[];
}

/**
 * The HAT's places as cards and the other nodes as cells; without a HAT the first nodes are cards. Where the
 * cells do not suffice, nodes with a problem have them first.
 */
export function stagePlaces(view: Pick<SwarmView, 'hat' | 'nodes'>): StagePlaces {
  const { places, others } = boardPlaces(view);
  const asPlaces = others.map((node) => ({ name: node.name, port: null, node }));
  const all: BoardPlace[] = places.length > 0 ? [...places, ...asPlaces] : asPlaces;
  const count = Math.min(MAX_CARDS, places.length > 0 ? places.length : all.length);
  const cards = all.slice(0, count);
  const rest = all.slice(count).flatMap(({ node }) => node ?? []);
  if (rest.length <= MAX_CELLS) return { cards, cells: rest, more: [] };
  const chosen = new Set(
    rest.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b))).slice(0, MAX_CELLS - 1),
  );
  return {
    cards,
    cells: rest.filter((node) => chosen.has(node)),
    more: rest.filter((node) => !chosen.has(node)),
  };
}

function isReady({ state, availability }: NodeView): boolean {
  return state === 'ready' && availability === 'active';
}

/** `12 more nodes`, with how many of them are not ready. */
export function moreWords(more: readonly NodeView[]): string {
  const bad = more.filter(({ state }) => state !== 'ready').length;
  return `${counted(more.length, 'more node')}${bad > 0 ? `, ${bad} not ready` : ''}`;
}

/** The tasks of one card or cell, and how many it does not show. */
export interface Folded {
  tasks: readonly BoardTask[];
  more: number;
}

/** One size for all cards: the largest in which the most crowded one fits, else badges. */
export function chipSize(cards: readonly (readonly BoardTask[])[], hasCells: boolean): ChipSize {
  const fitting = FITTING[hasCells ? 'short' : 'tall'];
  const most = Math.max(0, ...cards.map(({ length }) => length));
  if (most <= fitting.large) return 'large';
  if (most <= fitting.full) return 'full';
  return most <= fitting.line ? 'line' : badgeSize(cards.flat());
}

/** Whether all badges have at most two characters. */
function badgeSize(tasks: readonly BoardTask[]): 'badge' | 'wide' {
  return tasks.some(({ badge }) => slotLook(badge).letter.length > 2) ? 'wide' : 'badge';
}

/** A card's tasks in that size. */
export function foldTasks(tasks: readonly BoardTask[], size: ChipSize, hasCells: boolean): Folded {
  return fold(tasks, FITTING[hasCells ? 'short' : 'tall'][size]);
}

/** A cell's tasks. */
export function foldCell(tasks: readonly BoardTask[]): Folded {
  return fold(tasks, CELL_BADGES[badgeSize(tasks)]);
}

/** At most `most` items, of which one is the number of the others; tasks that do not run come first. */
function fold(tasks: readonly BoardTask[], most: number): Folded {
  const shown = foldedTasks(tasks, most);
  return { tasks: shown, more: tasks.length - shown.length };
}
