import type { EngineEvent } from './engine-json';
import type { SwarmChange } from './timeline-schemas';

/** Events that are remembered at most: as many as an engine keeps. */
const MAX_EVENTS = 256;

/** Which event reports a change: its action, and the attribute that has the new value, as far as there is one. */
const REPORTED_BY: Partial<Record<SwarmChange['kind'], { action: string; attribute?: string }>> = {
  'service created': { action: 'create' },
  'service removed': { action: 'remove' },
  scaled: { action: 'update', attribute: 'replicas.new' },
  updated: { action: 'update' },
  'update paused': { action: 'update', attribute: 'updatestate.new' },
  'rolled back': { action: 'update', attribute: 'updatestate.new' },
  'node joined': { action: 'create' },
  'node left': { action: 'remove' },
  'node down': { action: 'update', attribute: 'state.new' },
  'node up': { action: 'update', attribute: 'state.new' },
  drained: { action: 'update', attribute: 'availability.new' },
  paused: { action: 'update', attribute: 'availability.new' },
  activated: { action: 'update', attribute: 'availability.new' },
  leader: { action: 'update', attribute: 'leader.new' },
};

interface SeenEvent {
  id: string;
  action: string;
  attributes: Readonly<Record<string, string>>;
  /** By the manager's clock (ms). */
  at: number;
}

/** When nodes and services changed, by the engine's events. Tasks have no events, but times of their own. */
export class EventTimes {
  #events: SeenEvent[] = [];
  /** When rollbacks began that no view has shown, by service; null for one that a view has shown before its event. */
  #rollbacks = new Map<string, (number | null)[]>();

  add({ Action, Actor, timeNano }: EngineEvent): void {
    if (timeNano <= 0 || Actor.ID === '') return;
    const event = {
      id: Actor.ID,
      action: Action,
      attributes: Actor.Attributes,
      at: timeNano / 1e6,
    };
    // Events of a time that is read again.
    if (this.#events.some(({ id, at }) => id === event.id && at === event.at)) return;
    this.#events = [...this.#events, event].slice(-MAX_EVENTS);
    if (event.attributes['updatestate.new'] === 'rollback_started') this.#addRollback(event);
  }

  #addRollback({ id, at }: SeenEvent): void {
    const before = this.#rollbacks.get(id) ?? [];
    if (this.#rollbacks.size > MAX_EVENTS) this.#rollbacks.clear();
    this.#rollbacks.set(id, before[0] === null ? [] : [...before, at].slice(-MAX_EVENTS));
  }

  /**
   * When the rollbacks began that a view shows as one, except the last of them, by the manager's clock (ms). Each counts
   * once. The engine sends an event a moment after a view can have its change.
   */
  earlierRollbacks(serviceId: string): number[] {
    const began = (this.#rollbacks.get(serviceId) ?? []).filter((at) => at !== null);
    this.#rollbacks.set(serviceId, began.length === 0 ? [null] : []);
    return began.slice(0, -1);
  }

  /**
   * When a node or service changed, by the manager's clock (ms): the time of the last event that names the change, else
   * of the last one of the same action; null without one.
   */
  timeOf({ kind, nodeId, serviceId, taskId }: SwarmChange): number | null {
    const reported = REPORTED_BY[kind];
    if (!reported || taskId !== null) return null;
    const { action, attribute } = reported;
    const own = this.#events.filter(
      (event) => event.id === (serviceId ?? nodeId) && event.action === action,
    );
    const named = own.findLast(
      ({ attributes }) => attribute !== undefined && attributes[attribute] !== undefined,
    );
    return (named ?? own.at(-1))?.at ?? null;
  }
}
