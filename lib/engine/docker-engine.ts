import * as z from 'zod/mini';
import {
  type EngineEvent,
  eventSchema,
  infoReading,
  nodeReading,
  serviceReading,
  taskIds,
  taskReading,
  versionReading,
  createdSchema,
  distributionSchema,
  joinTokensSchema,
  networkSchema,
} from '../swarm/engine-json';
import { joinAddress } from '../swarm/join-address';
import { listOf } from '../swarm/read-list';
import { shell } from '../swarm/shell';
import { addressText, type EngineAddress } from './address';
import { engineAgent, logAgent } from './connection';
import { dockerode } from './dockerode';
import type { Engine } from './engine';
import { engineCalls } from './engine-call';
import { isEngineError, isRefusal } from './errors';
import { linesOf } from './lines';
import { readLog } from './logs';
import { pathPart } from './path-part';
import { lookupOf } from './image-answers';
import { namingSwitches } from './refused-change';
import {
  availabilityOf,
  replicasOf,
  SpecUpdates,
  withAvailability,
  withForcedUpdate,
  withReplicas,
} from './spec-updates';
import { rollback, rotateToken } from './swarm-changes';
import { toEngineError } from './to-engine-error';
import { watchSocket } from './watch-socket';

const nodes = listOf(nodeReading);
const services = listOf(serviceReading);
const tasks = listOf(taskReading);

/** An `Engine` over dockerode. Paths have no version: the engine then uses its own newest one. */
export function dockerEngine(address: EngineAddress, agent = engineAgent(address)): Engine {
  const docker = dockerode(address, agent);
  const { one: call, list, raw } = engineCalls(address, agent, docker);
  const forLogs = logAgent(address, agent);
  const { open } = engineCalls(address, forLogs, dockerode(address, forLogs));
  const specs = new SpecUpdates(raw);

  return {
    where: addressText(address),
    ping: (timeoutMs) =>
      docker.ping({ abortSignal: AbortSignal.timeout(timeoutMs) }).then(
        () => true,
        // The agent rejects only responses.
        (error: { statusCode?: unknown }) => error.statusCode !== undefined || isEngineError(error),
      ),
    async pingAllowed(signal) {
      await call(z.unknown(), (abortSignal) => docker.ping({ abortSignal }), signal);
    },
    async info(signal, onOdd) {
      const send = (abortSignal: AbortSignal) => docker.info({ abortSignal });
      const { read, odd } = await call(infoReading, send, signal);
      onOdd?.(odd);
      return read;
    },
    async version(signal, onOdd) {
      const send = (abortSignal: AbortSignal) => docker.version({ abortSignal });
      const { read, odd } = await call(versionReading, send, signal);
      onOdd?.(odd);
      return read;
    },
    async nodes(signal, onOdd) {
      const { entities, odd } = await list(nodes, '/nodes', signal);
      onOdd?.(odd);
      return entities;
    },
    async services(signal, onOdd) {
      const { entities, odd } = await list(services, '/services', signal);
      onOdd?.(odd);
      return entities;
    },
    async tasks(signal, onOdd) {
      const { entities, odd } = await list(tasks, '/tasks', signal);
      onOdd?.(odd);
      return entities;
    },
    upToDateTasks(signal) {
      const filters = JSON.stringify({ '_up-to-date': ['true'] });
      return list(taskIds, `/tasks?filters=${encodeURIComponent(filters)}`, signal);
    },

    async scale(name, replicas, check) {
      const { before } = await specs.change(
        'service',
        name,
        (spec) => withReplicas(spec, replicas),
        { as: 'scale', check },
      );
      return { from: replicasOf(before.Spec), to: replicas };
    },

    async setAvailability(name, availability, options) {
      const { before, spec } = await specs.change(
        'node',
        name,
        (spec) => withAvailability(spec, availability, options),
        { as: 'drain' },
      );
      return { from: availabilityOf(before.Spec), to: availabilityOf(spec) };
    },

    inspectService: (name, signal) => specs.inspect('service', name, signal),
    inspectNode: (name, signal) => specs.inspect('node', name, signal),
    inspectTask: (id, signal) => specs.inspect('task', id, signal),

    async createService(spec) {
      const { ID, Warnings } = await namingSwitches('create', 'write', () =>
        raw(createdSchema, { method: 'POST', path: '/services/create', body: spec }),
      );
      return { id: ID, warnings: Warnings ?? [] };
    },
    changeService: (name, change, options) =>
      specs.change('service', name, change, { as: 'update', ...options }),
    rollbackService: (name, options) => rollback(specs, name, { as: 'update', ...options }),
    restartService: (name, options) =>
      specs.change('service', name, withForcedUpdate, { as: 'update', ...options }),
    removeService: (name, options) => specs.remove('service', name, { as: 'create', ...options }),

    changeNode: (name, change, options) =>
      specs.change('node', name, change, { as: 'node', ...options }),
    removeNode: (name, options) => specs.remove('node', name, { as: 'remove-node', ...options }),

    distribution: (image, signal) =>
      lookupOf((path, timeoutMs) => raw(distributionSchema, { path, timeoutMs }, signal), image),

    async networkName(id, signal) {
      try {
        return (await raw(networkSchema, { path: `/networks/${pathPart('network', id)}` }, signal))
          .Name;
      } catch (error) {
        if (isEngineError(error)) return null;
        throw error;
      }
    },

    rotateJoinToken: (role) => rotateToken(raw, role),

    async killContainer(id) {
      await namingSwitches('kill', 'write', () =>
        call(z.unknown(), (abortSignal) =>
          docker.getContainer(pathPart('container', id)).kill({ abortSignal }),
        ),
      );
    },

    async joinCommand(role = 'worker') {
      const [swarm, info, nodes] = await Promise.all([
        namingSwitches('join', 'write', () =>
          call(joinTokensSchema, (abortSignal) => docker.swarmInspect({ abortSignal })),
        ),
        // A proxy may refuse one of them; the other one has the address too.
        this.info().catch(unlessRefused),
        this.nodes().catch(() => []),
      ]);
      const own = info?.Swarm ?? { NodeID: '', NodeAddr: '', RemoteManagers: [] };
      const address = joinAddress(own, nodes) ?? 'ADDRESS:2377';
      const { Worker, Manager } = swarm.JoinTokens;
      return shell`docker swarm join --token ${role === 'worker' ? Worker : Manager} ${address}`;
    },

    async events(signal, onEvent, onOpen) {
      const replaced = new AbortController();
      const abortSignal = AbortSignal.any([signal, replaced.signal]);
      const stopWatching =
        address.kind === 'unix'
          ? await watchSocket(address.socketPath, () => replaced.abort())
          : () => {};
      try {
        const send = () => docker.getEvents({ abortSignal, filters: SWARM_EVENTS });
        const stream = await agent.run(send, 'endless');
        onOpen?.();
        for await (const line of linesOf(stream)) {
          if (line.trim() === '') continue;
          const event = eventOf(line);
          if (event) onEvent(event);
        }
      } catch (error) {
        if (!abortSignal.aborted) throw toEngineError(error, address);
      } finally {
        stopWatching();
      }
    },

    logs: (target, options, signal, onOpen) =>
      readLog(open, address, target, options, signal, onOpen && { onOpen }),

    async pastEvents(since, until, signal) {
      // An engine whose clock is behind `until` keeps the stream open until then.
      const ends = AbortSignal.timeout(PAST_EVENTS_MS);
      const abortSignal = signal ? AbortSignal.any([signal, ends]) : ends;
      const times = { since: (since / 1000).toFixed(3), until: (until / 1000).toFixed(3) };
      const events: EngineEvent[] = [];
      try {
        const send = () => docker.getEvents({ abortSignal, filters: SWARM_EVENTS, ...times });
        for await (const line of linesOf(await agent.run(send, 'endless'))) {
          const event = line.trim() === '' ? null : eventOf(line);
          if (event && events.push(event) >= MAX_PAST_EVENTS) break;
        }
      } catch (error) {
        if (!ends.aborted) throw toEngineError(error, address);
      }
      return events;
    },
  };
}

const SWARM_EVENTS = { scope: ['swarm'], type: ['node', 'service'] };
/** Maximum wait for past events (ms), and how many are read; an engine keeps 256. */
const PAST_EVENTS_MS = 1500;
const MAX_PAST_EVENTS = 1000;

/** Parses one line; null if it is no event, which does not end the stream. */
function eventOf(line: string): EngineEvent | null {
  try {
    return eventSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** Returns null for a refusal; throws any other error. */
function unlessRefused(error: unknown): null {
  if (isRefusal(error)) return null;
  throw error;
}
