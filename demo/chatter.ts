import type { Timer } from './clock';
import type { Swarm } from './swarm';

/** How often lines are written (ms). */
const INTERVAL_MS = 50;

/** A service that writes lines by itself. */
interface Talker {
  linesPerSecond: number;
  /** Since when (ms), and how many lines since then. */
  from: number;
  written: number;
  timer: Timer | undefined;
}

/** Makes the tasks of a service write lines by themselves, in turn, as a busy or a noisy service does. */
export class Chatter {
  private readonly talkers = new Map<string, Talker>();

  constructor(private readonly swarm: Swarm) {}

  /** Sets the number of lines; 0 ends it. */
  set(serviceId: string, linesPerSecond: number): void {
    this.swarm.clock.cancel(this.talkers.get(serviceId)?.timer);
    this.talkers.delete(serviceId);
    if (linesPerSecond === 0) return;
    const from = this.swarm.clock.now();
    const talker: Talker = { linesPerSecond, from, written: 0, timer: undefined };
    this.talkers.set(serviceId, talker);
    this.plan(serviceId, talker);
  }

  current(): { service: string; linesPerSecond: number }[] {
    return [...this.talkers].map(([service, { linesPerSecond }]) => ({ service, linesPerSecond }));
  }

  reset(): void {
    for (const serviceId of this.talkers.keys()) this.set(serviceId, 0);
  }

  private plan(serviceId: string, talker: Talker): void {
    talker.timer = this.swarm.clock.after(INTERVAL_MS, () => {
      this.write(serviceId, talker);
      if (this.talkers.get(serviceId) === talker) this.plan(serviceId, talker);
    });
  }

  private hasPower(nodeId = ''): boolean {
    const node = this.swarm.store.nodes.get(nodeId);
    return node !== undefined && this.swarm.agentOf(node)?.hasPower === true;
  }

  private write(serviceId: string, talker: Talker): void {
    const { store, clock, logs } = this.swarm;
    if (!store.services.has(serviceId)) return this.set(serviceId, 0);
    const running = store
      .tasksOfService(serviceId)
      .filter(({ api }) => api.Status.State === 'running' && this.hasPower(api.NodeID));
    const due = Math.floor(((clock.now() - talker.from) / 1000) * talker.linesPerSecond);
    for (; talker.written < due; talker.written += 1) {
      const task = running[talker.written % Math.max(1, running.length)];
      if (task)
        logs.write(task, 'stdout', `GET /chatter 200 id=chatter-${talker.written} from=10.0.0.2`);
    }
  }
}
