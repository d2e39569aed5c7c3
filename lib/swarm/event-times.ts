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

/** A state of an update or rollback that has an entry of its own. */
export interface ReportedState {
  state: 'rollback_started' | 'paused' | 'rollback_paused';
  /** By the manager's clock (ms): when it was reached, or in a view when the update began that it is of. */
  at: number;
}

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
  /** States that no view has included yet, by service, oldest first. */
  #states = new Map<string, ReportedState[]>();
  /** What views have shown, by service: a state, since when its update runs, and up to when the view has everything. */
  #shown = new Map<string, (ReportedState & { until: number })[]>();

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
    const state = event.attributes['updatestate.new'];
    if (isUpdateState(state)) this.#addState(event.id, { state, at: event.at });
  }

  #addState(id: string, reached: ReportedState): void {
    // The engine sends an event a moment after a view can have its change.
    if (this.#isShown(id, reached)) return;
    if (this.#states.size > MAX_EVENTS) this.#states.clear();
    this.#states.set(id, [...(this.#states.get(id) ?? []), reached].slice(-MAX_EVENTS));
  }

  #isShown(id: string, { state, at }: ReportedState): boolean {
    const shown = this.#shown.get(id) ?? [];
    return shown.some((one) => one.state === state && at >= one.at && !isAfter(at, one.until));
  }

  /**
   * The states that a service went through without a view that shows them, each once, oldest first: another change came
   * before the view. `updatedAt`: the engine's time of the service in the view; its events have the same times, so later
   * ones belong to the next view. `shown`: the states that the view shows.
   */
  missedStates(
    serviceId: string,
    updatedAt: number,
    shown: readonly ReportedState[],
  ): ReportedState[] {
    if (shown.length > 0) {
      if (this.#shown.size > MAX_EVENTS) this.#shown.clear();
      this.#shown.set(
        serviceId,
        shown.map((one) => ({ ...one, until: updatedAt })),
      );
    }
    const states = this.#states.get(serviceId);
    if (!states) return [];
    const later = states.filter(({ at }) => isAfter(at, updatedAt));
    if (later.length > 0) this.#states.set(serviceId, later);
    else this.#states.delete(serviceId);
    return states.filter((one) => !later.includes(one) && !this.#isShown(serviceId, one));
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

function isUpdateState(state: string | undefined): state is ReportedState['state'] {
  return state === 'rollback_started' || state === 'paused' || state === 'rollback_paused';
}

/** The engine's times are read in whole milliseconds; those of events are only rounded. */
function isAfter(event: number, updatedAt: number): boolean {
  return event >= updatedAt + 1.001;
}
