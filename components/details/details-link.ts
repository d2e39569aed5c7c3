import { searchText } from '@/lib/client/page-address';

/** What the details are of: a task by its id or name, or a node by its name or id. */
export interface DetailsTarget {
  readonly kind: 'task' | 'node';
  readonly id: string;
}

/** Longer than any name or id. */
const LONGEST = 256;

/** The target of the details in a query string; null without one. */
export function readTarget(search: string): DetailsTarget | null {
  const query = new URLSearchParams(search);
  for (const kind of ['task', 'node'] as const) {
    const id = query.get(kind);
    if (id) return { kind, id: id.slice(0, LONGEST) };
  }
  return null;
}

/** Returns the query string with another target, or none; its other parameters are kept. */
export function withTarget(search: string, target: DetailsTarget | null): string {
  const query = new URLSearchParams(search);
  query.delete('task');
  query.delete('node');
  if (target) query.set(target.kind, target.id);
  return searchText(query);
}
