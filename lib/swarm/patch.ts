import type { ViewPatch } from './patch-schema';
import type { SwarmView } from './view';

export type { ViewPatch } from './patch-schema';

/**
 * A patch has what changed between two views, so that its size grows with the change and not with the swarm: of each
 * entity its id and the fields that differ (all of a new one), and by list the ids of removed ones: an odd engine
 * may use an id in two lists.
 */

const LISTS = ['nodes', 'goneNodes', 'services', 'tasks', 'notices'] as const;
/** Sent as a whole. */
const PARTS = ['engine', 'hat', 'counts', 'refused'] as const;
type Entity = { id: string };
type Change = Entity & { after?: string | null };

/** The patch is for another view; the complete view is needed. */
export class PatchMismatch extends Error {
  override readonly name = 'PatchMismatch';
}

/**
 * The patch from `before` to `after`; null if they are equal. Entities that kept their identity (`===`) are not
 * compared. An entity that moved within its list is in it as removed and new.
 */
export function diffViews(before: SwarmView, after: SwarmView): ViewPatch | null {
  const patch: Record<string, unknown> = {};
  for (const part of PARTS) if (!equal(before[part], after[part])) patch[part] = after[part];
  const removed: Record<string, string[]> = {};
  for (const list of LISTS) {
    const gone: string[] = [];
    const changes = diffList(before[list], after[list], gone);
    if (changes.length > 0) patch[list] = changes;
    if (gone.length > 0) removed[list] = gone;
  }
  if (Object.keys(removed).length > 0) patch.gone = removed;
  return Object.keys(patch).length === 0 ? null : patch;
}

function diffList(before: readonly Entity[], after: readonly Entity[], gone: string[]): Change[] {
  const old = new Map(before.map((entity) => [entity.id, entity]));
  const present = new Set(after.map(({ id }) => id));
  for (const { id } of before) if (!present.has(id)) gone.push(id);
  // The remaining entities in their old order: one that is out of order has moved.
  const stayed = before.filter(({ id }) => present.has(id));
  let at = 0;
  const changes: Change[] = [];
  const moved = new Set<string>();
  after.forEach((entity, index) => {
    const was = old.get(entity.id);
    while (at < stayed.length && moved.has(stayed[at]?.id ?? '')) at++;
    if (was && stayed[at]?.id === entity.id) {
      at++;
      const fields = was === entity ? {} : changedFields(was, entity);
      if (Object.keys(fields).length > 0) changes.push({ id: entity.id, ...fields });
      return;
    }
    if (was) {
      moved.add(entity.id);
      gone.push(entity.id);
    }
    changes.push({ ...entity, after: after[index - 1]?.id ?? null });
  });
  return changes;
}

function changedFields(before: Entity, after: Entity): Record<string, unknown> {
  const old = before as unknown as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(after).filter(([key, value]) => !equal(old[key], value)),
  );
}

function equal(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Returns `view` with the patch applied; lists and entities without changes keep their identity. Throws
 * `PatchMismatch` if the patch refers to an entity that the view does not have.
 */
export function applyPatch(view: SwarmView, patch: ViewPatch): SwarmView {
  const list = <T extends Entity>(
    before: T[],
    changes: Change[] = [],
    removed: string[] = [],
  ): T[] => {
    const gone = new Set(removed);
    const changed = new Map(
      changes.flatMap((one) => (one.after === undefined ? [[one.id, one]] : [])),
    );
    const made = changes.filter((one) => one.after !== undefined);
    const touched =
      changed.size > 0 ||
      made.length > 0 ||
      (gone.size > 0 && before.some(({ id }) => gone.has(id)));
    if (!touched) return before;
    const kept = before
      .filter(({ id }) => !gone.has(id))
      .map((entity) => {
        const fields = changed.get(entity.id);
        changed.delete(entity.id);
        return fields ? { ...entity, ...fields } : entity;
      });
    if (changed.size > 0) throw new PatchMismatch(`no entity ${[...changed.keys()].join(', ')}`);
    for (const { after, ...entity } of made) {
      const place = after === null ? 0 : kept.findIndex(({ id }) => id === after) + 1;
      if (after !== null && place === 0) throw new PatchMismatch(`no entity ${after}`);
      kept.splice(place, 0, entity as T);
    }
    return kept;
  };
  return {
    ...view,
    engine: patch.engine ?? view.engine,
    hat: patch.hat ?? view.hat,
    counts: patch.counts ?? view.counts,
    refused: patch.refused ?? view.refused,
    nodes: list(view.nodes, patch.nodes as Change[], patch.gone?.nodes),
    goneNodes: list(view.goneNodes, patch.goneNodes as Change[], patch.gone?.goneNodes),
    services: list(view.services, patch.services as Change[], patch.gone?.services),
    tasks: list(view.tasks, patch.tasks as Change[], patch.gone?.tasks),
    notices: list(view.notices, patch.notices as Change[], patch.gone?.notices),
  };
}
