import type { Move } from '@/lib/swarm/spec/previews';

/** Tasks that get another node, and those that start anew where they are. */
export function movesOf(moves: readonly Move[]): { moving: Move[]; staying: Move[] } {
  return {
    moving: moves.filter(({ from, to }) => from !== to),
    staying: moves.filter(({ from, to }) => from === to),
  };
}
