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
  const sharing = new Map<string, string[]>();
  for (const { id, name } of [...services].sort(byName)) {
    const initial = initialOf(name);
    sharing.set(initial, [...(sharing.get(initial) ?? []), id]);
  }
  const marks = new Map<string, ServiceMark>();
  for (const [initial, ids] of sharing) {
    for (const [at, id] of ids.entries()) {
      const mark = ids.length > 1 ? `${initial}${at + 1}` : initial;
      marks.set(id, { mark, numbered: numbered.has(id) });
    }
  }
  return marks;
}

function byName(a: Pick<ServiceView, 'id' | 'name'>, b: Pick<ServiceView, 'id' | 'name'>): number {
  return naturalOrder(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

/** Docker's names start with a letter or digit; an engine may send any text. */
export function initialOf(name: string): string {
  return /[a-z0-9]/i.exec(name)?.[0].toUpperCase() ?? '?';
}

type BadgeView = Pick<SwarmView, 'services' | 'nodes' | 'goneNodes'>;
type Badged = Pick<TaskView, 'serviceId' | 'slot' | 'nodeId' | 'name'>;

/**
 * Returns the badges of a view: no two slots of it have equal ones. `curled`: the service whose tasks have letters; if
 * it is not in the view, the first that can be curled.
 */
export function badgesOf(
  { services, nodes, goneNodes }: BadgeView,
  curled: string | null | undefined,
): (task: Badged) => Badge {
  const byId = new Map(services.map((service) => [service.id, service]));
  const lettered =
    byId.get(curled ?? '') ?? services.find(({ targets }) => targets[0]) ?? services[0];
  // A global service has one task on each node and no slots.
  const seats = new Map([...nodes, ...goneNodes].map(({ id }, at) => [id, at + 1]));
  return ({ serviceId, slot, nodeId, name }) => {
    const seat = slot ?? seats.get(nodeId ?? '') ?? null;
    if (serviceId === lettered?.id) return seat;
    const service = byId.get(serviceId);
    // Its service was removed.
    if (!service) return `${name.charAt(0).toLowerCase()}${seat ?? ''}`;
    const { mark, numbered } = service;
    return numbered ? `${mark}${mark.length > 1 ? '.' : ''}${seat ?? ''}` : mark;
  };
}
