import { naturalOrder } from './natural';
import type { ServiceView, SwarmView, TaskView } from './view';

/**
 * What a task's badge shows, the same everywhere on the page. A number: the slot of the curled service's task, which has
 * a letter and a colour of its own. A text: of another service, in neutral colour. Null: unknown.
 */
export type Badge = number | string | null;

/** What the badges of a service's tasks have in place of a letter while another service is curled. */
export type ServiceMark = Pick<ServiceView, 'mark' | 'numbered'>;

/**
 * Returns each service's mark: its initial, with a number where several services share it. `numbered` services have
 * several slots (or nodes, for a global one), so that the mark alone would stand for several tasks.
 */
export function serviceMarks(
  services: readonly Pick<ServiceView, 'id' | 'name'>[],
  tasks: readonly Pick<TaskView, 'serviceId' | 'slot' | 'nodeId'>[],
): ReadonlyMap<string, ServiceMark> {
  const firstSeat = new Map<string, number | string | null>();
  const numbered = new Set<string>();
  for (const { serviceId, slot, nodeId } of tasks) {
    const seat = slot ?? nodeId;
    const first = firstSeat.get(serviceId);
    if (first === undefined) firstSeat.set(serviceId, seat);
    else if (first !== seat) numbered.add(serviceId);
  }
  return new Map(
    initialMarks(services).map(([id, mark]) => [id, { mark, numbered: numbered.has(id) }]),
  );
}

/** The marks of removed services that still have tasks, by id: in lower case, as other services may have the same initial. */
export function removedMarks({
  services,
  tasks,
}: Pick<SwarmView, 'services' | 'tasks'>): Readonly<Record<string, string>> {
  const present = new Set(services.map(({ id }) => id));
  const removed = new Map<string, string>();
  for (const { serviceId, name } of tasks) {
    if (!present.has(serviceId) && !removed.has(serviceId)) removed.set(serviceId, name);
  }
  const named = [...removed].map(([id, name]) => ({ id, name }));
  return Object.fromEntries(initialMarks(named).map(([id, mark]) => [id, mark.toLowerCase()]));
}

/** Each service's id and initial, with a number where several services share it. */
function initialMarks(services: readonly Pick<ServiceView, 'id' | 'name'>[]): [string, string][] {
  const sharing = new Map<string, string[]>();
  for (const { id, name } of [...services].sort(byName)) {
    const initial = initialOf(name);
    sharing.set(initial, [...(sharing.get(initial) ?? []), id]);
  }
  return [...sharing].flatMap(([initial, ids]) =>
    ids.map((id, at): [string, string] => [id, ids.length > 1 ? `${initial}${at + 1}` : initial]),
  );
}

function byName(a: Pick<ServiceView, 'id' | 'name'>, b: Pick<ServiceView, 'id' | 'name'>): number {
  return naturalOrder(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

/** Docker's names start with a letter or digit; an engine may send any text. */
export function initialOf(name: string): string {
  return /[a-z0-9]/i.exec(name)?.[0].toUpperCase() ?? '?';
}

/** Returns the slot of a task, or, as a global service has one task on each node and no slots, the number of its node. */
export function seatsOf({
  nodes,
  goneNodes,
}: Pick<SwarmView, 'nodes' | 'goneNodes'>): (
  task: Pick<TaskView, 'slot' | 'nodeId'>,
) => number | null {
  const seats = new Map([...nodes, ...goneNodes].map(({ id }, at) => [id, at + 1]));
  return ({ slot, nodeId }) => slot ?? seats.get(nodeId ?? '') ?? null;
}

type BadgeView = Pick<SwarmView, 'services' | 'nodes' | 'goneNodes'>;
type Badged = Pick<TaskView, 'serviceId' | 'slot' | 'nodeId' | 'name'>;

/**
 * Returns the badges of a view: no two slots of it have equal ones. `curled`: the service whose tasks have letters; if
 * it is not in the view, the first that can be curled. `removed`: see `removedMarks`.
 */
export function badgesOf(
  { services, nodes, goneNodes }: BadgeView,
  curled: string | null | undefined,
  removed: Readonly<Record<string, string>> = {},
): (task: Badged) => Badge {
  const byId = new Map(services.map((service) => [service.id, service]));
  const lettered =
    byId.get(curled ?? '') ?? services.find(({ targets }) => targets[0]) ?? services[0];
  const seatOf = seatsOf({ nodes, goneNodes });
  return (task) => {
    const { serviceId, name } = task;
    const seat = seatOf(task);
    if (serviceId === lettered?.id) return seat;
    const service = byId.get(serviceId);
    if (!service) {
      const mark = removed[serviceId] ?? initialOf(name).toLowerCase();
      return `${mark}${/^[a-z]$/.test(mark) ? '' : '·'}${seat ?? ''}`;
    }
    const { mark, numbered } = service;
    return numbered ? `${mark}${mark.length > 1 ? '.' : ''}${seat ?? ''}` : mark;
  };
}
