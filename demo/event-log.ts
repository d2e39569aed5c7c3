import type { ContainerMove } from './agent';
import type { StoreChange, Store } from './store';
import type { Node, DemoService } from './types';

/** One message of `GET /events`. */
export interface EngineMessage {
  status?: string;
  id?: string;
  from?: string;
  Type: 'service' | 'node' | 'container';
  Action: string;
  Actor: { ID: string; Attributes: Record<string, string> };
  scope: 'swarm' | 'local';
  time: number;
  timeNano: number;
}

/** Number of messages that a real engine can replay for `since`. */
const KEPT = 256;

/** The engine's events. Changes of tasks make none, as in swarm. */
export class EventLog {
  private readonly kept: EngineMessage[] = [];
  private readonly listeners = new Set<(message: EngineMessage) => void>();

  constructor(private readonly store: Store) {
    store.onCommit((change) => {
      if (change.kind === 'task') return;
      const { api } = change.record;
      this.add({
        Type: change.kind,
        Action: change.action,
        Actor: { ID: api.ID, Attributes: attributesOf(change) },
        scope: 'swarm',
        // A real engine gives its events the time of the write; one that is removed has none.
        ...(change.action === 'remove' ? this.times() : timesOf(api.UpdatedAt)),
      });
    });
  }

  /** Adds a change of a container on the engine's own node. */
  container({ task, container, move, exitCode }: ContainerMove): void {
    const Action = { create: 'create', start: 'start', stopping: 'kill', kill: 'kill', die: 'die' }[
      move
    ];
    const service = task.serviceName;
    const image = task.api.Spec.ContainerSpec.Image;
    const node = task.api.NodeID ?? '';
    const taskName = `${service}.${task.api.Slot ?? node}.${task.api.ID}`;
    const signal = move === 'kill' ? '9' : '15';
    this.add({
      status: Action,
      id: container,
      from: image,
      Type: 'container',
      Action,
      Actor: {
        ID: container,
        Attributes: {
          'com.docker.swarm.node.id': node,
          'com.docker.swarm.service.id': task.api.ServiceID,
          'com.docker.swarm.service.name': service,
          'com.docker.swarm.task': '',
          'com.docker.swarm.task.id': task.api.ID,
          'com.docker.swarm.task.name': taskName,
          ...(exitCode === undefined ? {} : { exitCode: String(exitCode) }),
          image,
          name: taskName,
          ...(Action === 'kill' ? { signal } : {}),
        },
      },
      scope: 'local',
      ...this.times(),
    });
  }

  /** The messages that can be replayed, oldest first. */
  history(): readonly EngineMessage[] {
    return this.kept;
  }

  /** Returns the function that unsubscribes. */
  subscribe(listener: (message: EngineMessage) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private times() {
    const now = this.store.clock.now();
    return { time: Math.floor(now / 1000), timeNano: Math.round(now * 1e6) };
  }

  private add(message: EngineMessage): void {
    this.kept.push(message);
    if (this.kept.length > KEPT) this.kept.shift();
    for (const listener of this.listeners) listener(message);
  }
}

/** `2026-11-29T12:00:00.123456Z` as the times of an event. */
function timesOf(rfc3339: string) {
  const time = Date.parse(`${rfc3339.slice(0, 19)}Z`) / 1000;
  return { time, timeNano: time * 1e9 + Number(rfc3339.slice(20, -1).padEnd(9, '0')) };
}

function attributesOf(change: StoreChange): Record<string, string> {
  const updated = change.action === 'update';
  if (change.kind === 'service') {
    const { api } = change.record;
    const changed = updated && change.before ? serviceChanges(change.before, api) : {};
    return { name: api.Spec.Name, ...changed };
  }
  if (change.kind === 'node') {
    const { api } = change.record;
    const changed = updated && change.before ? nodeChanges(change.before, api) : {};
    return { name: api.Description.Hostname, ...changed };
  }
  return {};
}

function serviceChanges(before: DemoService, now: DemoService): Record<string, string> {
  const image = (service: DemoService) => service.Spec.TaskTemplate.ContainerSpec.Image;
  const replicas = (service: DemoService) => service.Spec.Mode.Replicated?.Replicas?.toString();
  return {
    ...difference('image', image(before), image(now)),
    ...difference('replicas', replicas(before), replicas(now)),
    ...(now.UpdateStatus
      ? difference('updatestate', before.UpdateStatus?.State, now.UpdateStatus.State)
      : {}),
  };
}

function nodeChanges(before: Node, now: Node): Record<string, string> {
  return {
    ...difference('availability', before.Spec.Availability, now.Spec.Availability),
    ...difference('role', before.Spec.Role, now.Spec.Role),
    ...difference('state', before.Status.State, now.Status.State),
  };
}

function difference(name: string, before: string | undefined, now: string | undefined) {
  if (before === now || now === undefined) return {};
  return { [`${name}.new`]: now, ...(before === undefined ? {} : { [`${name}.old`]: before }) };
}
