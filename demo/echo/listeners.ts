import { createServer, type Server, type Socket } from 'node:net';
import type { DemoClock, Timer } from '../clock';

/** Delay before a port that could not be opened is tried again, in ms. */
const RETRY_MS = 2000;

/** A published port at one node's address. */
export interface ListenerEntry {
  nodeId: string;
  port: number;
  /** Number of connections so far: each goes to the next task. */
  turn: number;
}

/** The TCP listeners of the routing mesh: one per node and published port. */
export class Listeners {
  private readonly open = new Map<string, { entry: ListenerEntry; server: Server }>();
  private retry: Timer | undefined;
  /** Ports that could not be opened, with the system's reason: `127.0.77.1:80` → `EACCES`. */
  readonly refused = new Map<string, string>();

  constructor(
    private readonly clock: DemoClock,
    /** Node id → the address at which that node listens. */
    private readonly addresses: ReadonlyMap<string, string>,
    private readonly onConnection: (entry: ListenerEntry, socket: Socket) => void,
    /** Called when a port that could not be opened should be tried again. */
    private readonly onRetry: () => void,
  ) {}

  /** Opens and closes listeners until exactly the `wanted` ones are open. */
  set(wanted: readonly Omit<ListenerEntry, 'turn'>[]): void {
    const byKey = new Map(wanted.map((entry) => [`${entry.nodeId}/${entry.port}`, entry]));
    for (const [key, { server }] of this.open) {
      if (byKey.has(key)) continue;
      this.open.delete(key);
      server.close();
    }
    const places = new Set(wanted.map((entry) => this.placeOf(entry)));
    for (const place of this.refused.keys()) if (!places.has(place)) this.refused.delete(place);
    for (const [key, entry] of byKey) {
      if (!this.open.has(key)) this.listen(key, { ...entry, turn: 0 });
    }
  }

  async close(): Promise<void> {
    this.clock.cancel(this.retry);
    const servers = [...this.open.values()].map(({ server }) => server);
    this.open.clear();
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  }

  private listen(key: string, entry: ListenerEntry): void {
    const server = createServer({ noDelay: true });
    this.open.set(key, { entry, server });
    server.on('connection', (socket: Socket) => this.onConnection(entry, socket));
    const place = this.placeOf(entry);
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (this.open.get(key)?.server !== server) return;
      this.open.delete(key);
      const known = this.refused.has(place);
      this.refused.set(place, error.code ?? error.message);
      if (!known) process.stderr.write(`demo: cannot listen at ${place} (${error.code})\n`);
      this.clock.cancel(this.retry);
      this.retry = this.clock.after(RETRY_MS, () => this.onRetry());
    });
    server.listen(entry.port, this.addresses.get(entry.nodeId), () => this.refused.delete(place));
  }

  private placeOf({ nodeId, port }: Omit<ListenerEntry, 'turn'>): string {
    return `${this.addresses.get(nodeId)}:${port}`;
  }
}
