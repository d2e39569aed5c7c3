import * as z from 'zod/mini';
import {
  eventSchema,
  infoSchema,
  nodeSchema,
  serviceSchema,
  taskSchema,
  versionSchema,
} from '../swarm/engine-json';
import { joinAddress } from '../swarm/join-address';
import { shell } from '../swarm/shell';
import { addressText, type EngineAddress } from './address';
import { engineAgent } from './connection';
import { dockerode } from './dockerode';
import type { Engine } from './engine';
import { engineCalls } from './engine-call';
import { isEngineError } from './errors';
import { linesOf } from './lines';
import { listOf } from './list-of';
import { pathPart } from './path-part';
import { retryOnConflict, updateAvailability, updateReplicas } from './spec-updates';
import { toEngineError } from './to-engine-error';
import { watchSocket } from './watch-socket';

const swarmSchema = z.object({ JoinTokens: z.object({ Worker: z.string() }) });

/** An `Engine` over dockerode. Paths have no version: the engine then uses its own newest one. */
export function dockerEngine(address: EngineAddress, agent = engineAgent(address)): Engine {
  const docker = dockerode(address, agent);
  const call = engineCalls(address, agent, docker);
  /** The last scale of each service; the next one waits for it. */
  const scaling = new Map<string, Promise<unknown>>();

  return {
    where: addressText(address),
    ping: (timeoutMs) =>
      docker.ping({ abortSignal: AbortSignal.timeout(timeoutMs) }).then(
        () => true,
        // The agent rejects only responses.
        (error: { statusCode?: unknown }) => error.statusCode !== undefined || isEngineError(error),
      ),
    info: (signal) => call(infoSchema, (abortSignal) => docker.info({ abortSignal }), signal),
    version: (signal) =>
      call(versionSchema, (abortSignal) => docker.version({ abortSignal }), signal),
    nodes: (signal) =>
      call(listOf(nodeSchema), (abortSignal) => docker.listNodes({ abortSignal }), signal),
    services: (signal) =>
      call(listOf(serviceSchema), (abortSignal) => docker.listServices({ abortSignal }), signal),
    tasks: (signal) =>
      call(listOf(taskSchema), (abortSignal) => docker.listTasks({ abortSignal }), signal),

    async upToDateTasks(signal) {
      const filters = { '_up-to-date': ['true'] };
      const tasks = await call(
        listOf(z.object({ ID: z.string() })),
        (abortSignal) => docker.listTasks({ abortSignal, filters }),
        signal,
      );
      return tasks.map(({ ID }) => ID);
    },

    async scale(name, replicas) {
      const before = scaling.get(name);
      const own = (async () => {
        await before?.catch(() => {});
        return retryOnConflict(() => updateReplicas(docker, call, name, replicas));
      })();
      scaling.set(name, own);
      try {
        return await own;
      } finally {
        if (scaling.get(name) === own) scaling.delete(name);
      }
    },

    setAvailability: (node, availability, options) =>
      retryOnConflict(() => updateAvailability(docker, call, node, availability, options)),

    async killContainer(id) {
      await call(z.unknown(), (abortSignal) =>
        docker.getContainer(pathPart('container', id)).kill({ abortSignal }),
      );
    },

    async joinCommand() {
      const [swarm, info, nodes] = await Promise.all([
        call(swarmSchema, (abortSignal) => docker.swarmInspect({ abortSignal })),
        this.info(),
        // A proxy may refuse it; `/info` has the address too.
        this.nodes().catch(() => []),
      ]);
      const address = joinAddress(info.Swarm, nodes) ?? 'ADDRESS:2377';
      return shell`docker swarm join --token ${swarm.JoinTokens.Worker} ${address}`;
    },

    async events(signal, onEvent) {
      const replaced = new AbortController();
      const abortSignal = AbortSignal.any([signal, replaced.signal]);
      const stopWatching =
        address.kind === 'unix'
          ? await watchSocket(address.socketPath, () => replaced.abort())
          : () => {};
      try {
        const filters = { scope: ['swarm'], type: ['node', 'service'] };
        const send = () => docker.getEvents({ abortSignal, filters });
        const stream = await agent.run(send, { endless: true });
        for await (const line of linesOf(stream)) {
          if (line.trim() === '') continue;
          const event = eventSchema.safeParse(JSON.parse(line));
          if (event.success) onEvent(event.data);
        }
      } catch (error) {
        if (!abortSignal.aborted) throw toEngineError(error, address);
      } finally {
        stopWatching();
      }
    },
  };
}
