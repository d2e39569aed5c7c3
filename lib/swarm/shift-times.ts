import type { ViewMemory } from './build-view';
import type { RecordedView } from './history-records';
import type { ViewPatch } from './patch';
import type { Gap, Span, TimelineEntry } from './timeline-schemas';
import type { NodeView, ServiceView, SwarmView } from './view';

/**
 * A Pi has no clock of its own: some time after it has started, its clock is set from the network, often by hours.
 * Then all times that were recorded before move by as much, as if the clock had always been right.
 */

/** Times of nodes, services and tasks. A patch has only some of them. */
interface Times {
  id?: string | undefined;
  stateSince?: number | undefined;
  stateAt?: number | undefined;
  createdAt?: number | undefined;
  seenAt?: number | null | undefined;
  ranAt?: number | null | undefined;
  update?: ServiceView['update'] | undefined;
  avoided?: NodeView['avoided'] | undefined;
}

/** `entity` with its times moved by `ms`, but for those that `earlier` has too; what it lacks stays absent. */
function moveTimes<T extends Times>(entity: T, ms: number, earlier: Times | undefined): T {
  const moved: T = { ...entity };
  for (const field of ['stateSince', 'stateAt', 'createdAt', 'seenAt', 'ranAt'] as const) {
    const time = entity[field];
    if (typeof time === 'number' && time !== earlier?.[field]) moved[field] = time + ms;
  }
  const at = entity.update?.note?.at;
  if (entity.update?.note && typeof at === 'number' && at !== earlier?.update?.note?.at) {
    moved.update = { ...entity.update, note: { ...entity.update.note, at: at + ms } };
  }
  if (entity.avoided) {
    moved.avoided = entity.avoided.map((one) => ({ ...one, until: one.until + ms }));
  }
  return moved;
}

function mapped<T>(map: ReadonlyMap<string, T>, change: (value: T) => T): Map<string, T> {
  return new Map([...map].map(([id, value]) => [id, change(value)]));
}

/**
 * Moves times of views by `ms`. Entities that views share stay shared. `earlier`: the last view of the process before
 * this one; its times stay, as an earlier clock gave them.
 */
export class TimeShift {
  readonly #made = new Map<object, object>();
  readonly #earlier: RecordedView | null;
  /** By id, what the earlier view has of nodes, services and tasks. */
  readonly #earlierTimes: ReadonlyMap<string, Times>;

  constructor(
    readonly ms: number,
    earlier: RecordedView | null = null,
  ) {
    this.#earlier = earlier;
    const { nodes = [], services = [], tasks = [] } = earlier?.view ?? {};
    const all: Times[] = [...nodes, ...services, ...tasks];
    this.#earlierTimes = new Map(all.map((one) => [one.id ?? '', one]));
  }

  /** A view, or a patch, with its times moved. */
  view<T extends SwarmView | ViewPatch>(view: T): T {
    const { nodes, services, tasks } = view;
    return {
      ...view,
      ...(nodes && { nodes: nodes.map((one) => this.#once<Times>(one)) }),
      ...(services && { services: services.map((one) => this.#once<Times>(one)) }),
      ...(tasks && { tasks: tasks.map((one) => this.#once<Times>(one)) }),
    };
  }

  /** An entry of the timeline with its times moved; one of a restart happened after an earlier process ended. */
  entry(entry: TimelineEntry): TimelineEntry {
    const { at, viewAt, after, time, until, unseen } = entry;
    return {
      ...entry,
      at: at + this.ms,
      viewAt: viewAt + this.ms,
      after: unseen === 'not running' ? after : this.#time(after),
      time: this.#time(time),
      ...(until !== undefined && { until: until + this.ms }),
    };
  }

  /** A span with its number, and with its times moved. */
  recordedSpan<T extends { at: number; span: Span }>(one: T): T {
    const { at, span } = one;
    const { seenAt, createdAt } = this.#earlierTimes.get(span.taskId) ?? {};
    const from = span.from === seenAt || span.from === createdAt ? span.from : span.from + this.ms;
    const to = span.to === null ? null : Math.max(from, span.to + this.ms);
    return { ...one, at: at + this.ms, span: { ...span, from, to } };
  }

  /** A gap with its times moved; that of a restart starts where an earlier process ended. */
  gap(gap: Gap): Gap {
    const from = gap.why === 'not running' ? gap.from : gap.from + this.ms;
    return { ...gap, from, to: this.#time(gap.to) };
  }

  #time(time: number | null): number | null {
    return time === null ? null : time + this.ms;
  }

  /** What is kept between two views, with its times moved. */
  memory(memory: ViewMemory): ViewMemory {
    const { ms } = this;
    return {
      ...memory,
      at: memory.at + ms,
      tasksAt: memory.tasksAt + ms,
      convergence: mapped(memory.convergence, (one) => ({
        ...one,
        since: one.since === null ? null : one.since + ms,
      })),
      updates: mapped(memory.updates, (one) => ({ ...one, at: one.at + ms })),
      departed: {
        ...memory.departed,
        nodes: mapped(memory.departed.nodes, (one) =>
          // When the earlier process last ran, if that had seen it leave.
          one.leftAt === this.#earlier?.at ? one : { ...one, leftAt: one.leftAt + ms },
        ),
      },
      failures: {
        ...memory.failures,
        failures: mapped(memory.failures.failures, (one) => ({ ...one, at: one.at + ms })),
      },
      nodes: mapped(memory.nodes, (one) => this.#once(one)),
      services: mapped(memory.services, (one) => this.#once(one)),
      tasks: mapped(memory.tasks, (one) => ({ ...one, view: this.#once(one.view) })),
    };
  }

  #once<T extends Times>(entity: T): T {
    const made =
      (this.#made.get(entity) as T | undefined) ??
      moveTimes(entity, this.ms, this.#earlierTimes.get(entity.id ?? ''));
    this.#made.set(entity, made);
    return made;
  }
}
