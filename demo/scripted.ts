import { ScriptedClock } from './clock';
import { DEMO_HAT } from './hat';
import { Random } from './random';
import { gowebSpec } from './seed';
import type { ServiceRecord, TaskRecord } from './store';
import { Swarm } from './swarm';
import type { ServiceSpec, State } from './types';

/** The HAT's swarm on a clock that the test advances, without sockets. */
export class ScriptedSwarm {
  readonly clock = new ScriptedClock();
  readonly swarm: Swarm;

  constructor(seed = 1) {
    this.swarm = new Swarm(this.clock, new Random(seed));
    for (const [i, hardware] of DEMO_HAT.entries()) this.swarm.join(hardware, `127.0.77.${i + 1}`);
    this.clock.advance(1000);
  }

  /** Creates goweb with a changed spec. */
  create(replicas: number, change: (spec: ServiceSpec) => void = () => {}): ServiceRecord {
    const spec = gowebSpec(replicas);
    change(spec);
    return this.swarm.createService(spec);
  }

  /** Updates the service's spec at its current version. */
  update(service: ServiceRecord, change: (spec: ServiceSpec) => void, rollback = false): void {
    const spec = structuredClone(service.api.Spec);
    change(spec);
    this.swarm.updateService(service, service.api.Version.Index, spec, rollback);
  }

  /** A service's tasks in a state, newest last. */
  tasks(service: ServiceRecord, state?: State, desired?: State): TaskRecord[] {
    return this.swarm.store
      .tasksOfService(service.api.ID)
      .filter((task) => state === undefined || task.api.Status.State === state)
      .filter((task) => desired === undefined || task.api.DesiredState === desired);
  }

  /** Advances until exactly `count` tasks run and are meant to. Returns the milliseconds it took. */
  untilRunning(service: ServiceRecord, count: number, limit?: number): number {
    const done = () => this.tasks(service, 'running', 'running').length === count;
    return this.clock.until(done, limit);
  }

  /** The name of the node that a task is on. */
  nodeOf(task: TaskRecord): string {
    return this.swarm.store.nodes.get(task.api.NodeID ?? '')?.api.Description.Hostname ?? '';
  }
}
