import { ScriptedClock } from './clock';
import { HAT } from './hat';
import { Random } from './random';
import { gowebSpec } from './seed';
import type { ServiceRecord, TaskRecord } from './store';
import { Swarm } from './swarm';
import type { ServiceSpec, State } from './types';

/** The HAT's swarm on a clock that a test moves, with nothing listening anywhere. */
export class ScriptedSwarm {
  readonly clock = new ScriptedClock();
  readonly swarm: Swarm;

  constructor(seed = 1) {
    this.swarm = new Swarm(this.clock, new Random(seed));
    for (const [i, hardware] of HAT.entries()) this.swarm.join(hardware, `127.0.77.${i + 1}`);
    this.clock.advance(1000);
  }

  /** Makes goweb, changed as the test wishes. */
  create(replicas: number, change: (spec: ServiceSpec) => void = () => {}): ServiceRecord {
    const spec = gowebSpec(replicas);
    change(spec);
    return this.swarm.createService(spec);
  }

  /** Posts a changed spec at the service's present version. */
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

  /** Lets time pass until exactly `count` tasks run that are meant to. Returns the milliseconds. */
  untilRunning(service: ServiceRecord, count: number, limit?: number): number {
    const done = () => this.tasks(service, 'running', 'running').length === count;
    return this.clock.until(done, limit);
  }

  /** The name of the node that a task is on. */
  nodeOf(task: TaskRecord): string {
    return this.swarm.store.nodes.get(task.api.NodeID ?? '')?.api.Description.Hostname ?? '';
  }
}
