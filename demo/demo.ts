import { claimAddresses } from './addresses';
import { EngineServer } from './api/server';
import { realClock } from './clock';
import { Control } from './control';
import { EchoMesh } from './echo/mesh';
import { DEMO_HAT, nameOf } from './hat';
import { Random } from './random';
import { NEWEST, releaseOf } from './release';
import { backdate, seedGoweb } from './seed';
import { Swarm } from './swarm';

/** Options of a demo. */
export interface DemoOptions {
  /** The engine's socket; the control endpoint's is beside it, with `-control` in its name. */
  socketPath: string;
  seed: number;
  /** Divides every delay of the swarm. */
  speed: number;
  /** Replicas of goweb that run from the start; 0 starts without the service. */
  replicas: number;
  /** The API version of its engine; the newest by default. */
  api?: string;
}

/** A running demo. */
export interface RunningDemo {
  swarm: Swarm;
  dockerHost: string;
  controlSocket: string;
  /** In the order of the HAT. */
  addresses: readonly string[];
  close: () => Promise<void>;
}

/** Starts the demo swarm in this process. */
export async function startDemo(options: DemoOptions): Promise<RunningDemo> {
  const release = releaseOf(options.api ?? NEWEST.api);
  if (!release) throw new Error(`the demo does not serve API version ${options.api}`);
  const addresses = await claimAddresses();
  const swarm = new Swarm(realClock(options.speed), new Random(options.seed), release);
  const entry = new Map<string, string>();
  /** Joins every node of the HAT that is not in the swarm: all at the start, later those removed. */
  const assemble = () => {
    const there = new Set([...swarm.store.nodes.values()].map(nameOf));
    return DEMO_HAT.flatMap((hardware, i) => {
      if (there.has(hardware.name)) return [];
      const address = addresses.nodes[i] ?? '127.0.0.1';
      const node = swarm.join(hardware, address);
      if (addresses.own || i === 0) entry.set(node.api.ID, address);
      return [node];
    });
  };
  for (const [i, { api }] of assemble().entries()) {
    backdate(swarm, api, swarm.clock.now() - swarm.createdAt - 20_000 - i * 900);
  }
  const controlSocket = options.socketPath.replace(/(\.sock)?$/, '-control.sock');
  const mesh = new EchoMesh(swarm, entry, new Random(options.seed));
  const engine = new EngineServer(swarm, options.socketPath, controlSocket);
  const control = new Control(swarm, engine, mesh, assemble, controlSocket);
  if (options.replicas > 0) seedGoweb(swarm, options.replicas);
  const close = async () => {
    await Promise.all([engine.stop(), control.stop(), mesh.close(), addresses.release()]);
  };
  try {
    await engine.start();
    await control.start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    swarm,
    dockerHost: `unix://${options.socketPath}`,
    controlSocket,
    addresses: addresses.nodes,
    close,
  };
}
