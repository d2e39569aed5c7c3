import { realpathSync } from 'node:fs';
import { addressText } from '@/lib/engine/address';
import { locateEngines, type EngineSource, type LocatedEngine } from '@/lib/engine/locate';
import { plainText } from '@/lib/engine/plain-text';
import { probeEngine, type EngineProbe } from '@/lib/engine/probe';

/** How long a socket on this machine may take to answer before it counts as broken (ms). */
const LOCAL_MS = 1500;
/** The same for an engine that was named, which may be behind ssh; it delays a line and not the start (ms). */
const NAMED_MS = 8000;

/** The engine that the dashboard shows, or the demo swarm in its place. */
export type EngineChoice =
  | {
      kind: 'engine';
      /** What the server needs in its environment to find the same engine. */
      environment: { DOCKER_HOST?: string };
      /** The line for the terminal, once the engine's state is known. */
      report: Promise<string[]>;
    }
  | { kind: 'demo'; report: string[] };

/**
 * Chooses the engine: the one that DOCKER_HOST or the docker context names, in any state; else a
 * local socket, a swarm manager's before a broken engine's. The demo swarm is used only without an
 * engine, or with a healthy one that is in no swarm, which the report mentions. Throws an `Error` with one
 * sentence when the named engine is invalid.
 */
export async function chooseEngine(
  environment: Readonly<Record<string, string | undefined>>,
  command: string,
): Promise<EngineChoice> {
  const located = locateEngines(environment);
  const [first] = located;
  if (!first) return noEngine();
  if (first.source.kind !== 'socket') {
    const report = probeEngine(first.address, NAMED_MS).then((probe) =>
      reportOn(first, probe, command),
    );
    return { kind: 'engine', environment: {}, report };
  }
  const probed = await Promise.all(
    distinct(located).map(async (engine) => ({
      engine,
      probe: await probeEngine(engine.address, LOCAL_MS),
    })),
  );
  const [chosen, ...others] = probed.toSorted((a, b) => rank(a.probe) - rank(b.probe));
  if (!chosen) return noEngine();
  const passedOver = others.map(
    ({ engine, probe }) => `passed over: ${addressText(engine.address)}, ${stateOf(probe)}`,
  );
  const where = addressText(chosen.engine.address);
  if (chosen.probe.state === 'no-swarm') {
    const { message, next } = chosen.probe.error;
    return {
      kind: 'demo',
      report: [
        `the demo swarm, as the Docker engine at ${where} is in no swarm`,
        `${message} ${next ?? ''}`.trim(),
        'then start this again',
        ...passedOver,
      ],
    };
  }
  return {
    kind: 'engine',
    environment: { DOCKER_HOST: where },
    report: Promise.resolve([...reportOn(chosen.engine, chosen.probe, command), ...passedOver]),
  };
}

/** Removes sockets that link to an earlier one, as with Docker Desktop. */
function distinct(located: readonly LocatedEngine[]): LocatedEngine[] {
  const seen = new Set<string>();
  return located.filter(({ address }) => {
    const path = realPath(address.kind === 'unix' ? address.socketPath : addressText(address));
    return !seen.has(path) && seen.add(path);
  });
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Ranks local sockets: a swarm's manager, a swarm with a fault, an engine, anything else. */
function rank(probe: EngineProbe): number {
  if (probe.state === 'manager') return 0;
  if (probe.state === 'no-swarm') return 2;
  return probe.error.kind === 'not-an-engine' ? 3 : 1;
}

function stateOf(probe: EngineProbe): string {
  if (probe.state === 'manager') return "a swarm's manager";
  return probe.state === 'no-swarm' ? 'in no swarm' : probe.error.message;
}

function noEngine(): EngineChoice {
  return {
    kind: 'demo',
    report: [
      'the demo swarm, as there is no Docker engine on this machine and none is named',
      'your own swarm: start this on its manager, or name it, as in DOCKER_HOST=ssh://pi@ctrl',
    ],
  };
}

function reportOn(
  { address, source }: LocatedEngine,
  probe: EngineProbe,
  command: string,
): string[] {
  const engine = `engine ${addressText(address)} (${SOURCES[source.kind](source)})`;
  if (probe.state === 'manager') {
    const refused = 'a proxy in front of it refuses INFO: the page shows what it allows';
    return probe.infoRefused ? [engine, refused] : [engine];
  }
  const { message, next } = probe.error;
  return [engine, `${message} ${next ?? ''}`.trim(), demoInstead(command)];
}

const SOURCES: { [K in EngineSource['kind']]: (source: EngineSource) => string } = {
  DOCKER_HOST: () => 'DOCKER_HOST',
  context: (source) => `docker context ${plainText(source.kind === 'context' ? source.name : '')}`,
  socket: () => 'the local socket',
};

const demoInstead = (command: string) => `the demo swarm instead: ${command} --demo`;
