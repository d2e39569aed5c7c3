import { promises as files } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import {
  eventSchema,
  infoSchema,
  nodeSchema,
  serviceSchema,
  taskSchema,
  versionSchema,
} from '../swarm/engine-json';
import { shell } from '../swarm/shell';
import { addressText, placeOf, type EngineAddress } from './address';
import { unreadable } from './answer-errors';
import { engineAgent } from './connection';
import { dockerode } from './dockerode';
import type { Availability, AvailabilityOptions, Engine, MadeAvailable, Scaled } from './engine';
import { EngineError, isEngineError } from './errors';
import { linesOf } from './lines';
import { listOf } from './list-of';
import { swarmState } from './swarm-state';
import { toEngineError } from './to-engine-error';

/**
 * A name or id as a part of the engine's path. Anything that no service, node or container can be
 * called does not exist, and is not sent: it might be a path of its own.
 */
function pathPart(what: string, name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name)) return name;
  throw new EngineError('not-found', `${what} ${name} not found`);
}

/** Longer than the engine's own 20 s for a swarm without a leader, so that its answer is heard. */
const DEADLINE_MS = 25_000;
/** How often an event stream's socket file is looked at: is it still the one that was opened? (ms) */
const SOCKET_MS = 500;
/** Tries for an update that somebody else's change got in the way of. */
const UPDATE_TRIES = 5;

const specSchema = z.looseObject({
  ID: z.string(),
  Version: z.object({ Index: z.number() }),
  Spec: z.looseObject({
    Name: z.string(),
    Mode: z.looseObject({
      Replicated: z.optional(z.nullable(z.looseObject({ Replicas: z.optional(z.number()) }))),
    }),
  }),
});
const nodeSpecSchema = z.looseObject({
  ID: z.string(),
  Version: z.object({ Index: z.number() }),
  Spec: z.looseObject({
    Availability: z.enum(['active', 'pause', 'drain']),
    Labels: z.optional(z.nullable(z.record(z.string(), z.string()))),
  }),
});
const swarmSchema = z.object({ JoinTokens: z.object({ Worker: z.string() }) });

/** An `Engine` over dockerode. Unversioned paths: the engine then speaks its own newest version. */
export function dockerEngine(address: EngineAddress, agent = engineAgent(address)): Engine {
  const docker = dockerode(address, agent);

  /**
   * One call with a deadline. docker-modem never settles when an answer breaks off in the middle:
   * the deadline and the agent do it instead.
   */
  async function attempt<T>(
    schema: z.ZodMiniType<T>,
    ask: (signal: AbortSignal) => Promise<unknown>,
    ends?: AbortSignal,
  ): Promise<T> {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    const signal = ends ? AbortSignal.any([deadline, ends]) : deadline;
    let onAbort: (() => void) | undefined;
    const cut = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason);
      signal.addEventListener('abort', onAbort);
    });
    try {
      const answer = await Promise.race([agent.run(() => ask(signal)), cut]);
      const parsed = schema.safeParse(answer);
      if (parsed.success) return parsed.data;
      throw unreadable(answer, schema, parsed.error, placeOf(address));
    } catch (error) {
      throw toEngineError(error, address);
    } finally {
      if (onAbort) signal.removeEventListener('abort', onAbort);
    }
  }

  /** One call. A swarm that did not start refuses it like no swarm at all; `/info` tells them apart. */
  async function call<T>(...[schema, ask, ends]: Parameters<typeof attempt<T>>): Promise<T> {
    try {
      return await attempt(schema, ask, ends);
    } catch (error) {
      if (!isEngineError(error) || error.kind !== 'no-swarm') throw error;
      const info = await attempt(infoSchema, (abortSignal) => docker.info({ abortSignal }), ends);
      const swarm = swarmState(info);
      throw swarm.state === 'broken' ? swarm.error : error;
    }
  }

  /** Reads, changes and writes back, and does it all again when somebody else was faster. */
  async function update<T>(change: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await change();
      } catch (error) {
        const raced = isEngineError(error) && error.kind === 'out-of-sequence';
        if (!raced || tries === UPDATE_TRIES) throw error;
      }
    }
  }

  async function scaleNow(name: string, replicas: number): Promise<Scaled> {
    const service = docker.getService(pathPart('service', name));
    const { ID, Version, Spec } = await call(specSchema, (abortSignal) =>
      service.inspect({ abortSignal }),
    );
    if (!Spec.Mode.Replicated) {
      throw new EngineError(
        'not-scalable',
        `${Spec.Name} is not a replicated service, so it has no number of replicas to set.`,
        'A global service runs one task on every node.',
      );
    }
    const from = Spec.Mode.Replicated.Replicas ?? 1;
    if (from === replicas) return { from, to: replicas };
    const spec = {
      ...Spec,
      Mode: { ...Spec.Mode, Replicated: { ...Spec.Mode.Replicated, Replicas: replicas } },
    };
    await call(z.unknown(), (abortSignal) =>
      docker
        .getService(ID)
        .update({ abortSignal, _query: { version: Version.Index }, _body: spec }),
    );
    return { from, to: replicas };
  }

  async function makeAvailable(
    name: string,
    availability: Availability,
    { onlyFrom, labels = {} }: AvailabilityOptions = {},
  ): Promise<MadeAvailable> {
    const node = docker.getNode(pathPart('node', name));
    const { ID, Version, Spec } = await call(nodeSpecSchema, (abortSignal) =>
      node.inspect({ abortSignal }),
    );
    const from = Spec.Availability;
    const to = onlyFrom !== undefined && from !== onlyFrom ? from : availability;
    const Labels = { ...Spec.Labels };
    for (const [label, value] of Object.entries(labels)) {
      if (value === null) delete Labels[label];
      else Labels[label] = value;
    }
    if (to === from && isDeepStrictEqual(Labels, { ...Spec.Labels })) return { from, to };
    const spec = { ...Spec, Availability: to, Labels };
    await call(z.unknown(), (abortSignal) =>
      docker.getNode(ID).update({ abortSignal, _query: { version: Version.Index }, _body: spec }),
    );
    return { from, to };
  }

  const scaling = new Map<string, Promise<unknown>>();

  return {
    where: addressText(address),
    ping: (withinMs) =>
      docker.ping({ abortSignal: AbortSignal.timeout(withinMs) }).then(
        () => true,
        // The agent refuses only what has answered.
        (error: { statusCode?: unknown }) => error.statusCode !== undefined || isEngineError(error),
      ),
    info: (ends) => call(infoSchema, (abortSignal) => docker.info({ abortSignal }), ends),
    version: (ends) => call(versionSchema, (abortSignal) => docker.version({ abortSignal }), ends),
    nodes: (ends) =>
      call(listOf(nodeSchema), (abortSignal) => docker.listNodes({ abortSignal }), ends),
    services: (ends) =>
      call(listOf(serviceSchema), (abortSignal) => docker.listServices({ abortSignal }), ends),
    tasks: (ends) =>
      call(listOf(taskSchema), (abortSignal) => docker.listTasks({ abortSignal }), ends),
    async upToDateTasks(ends) {
      const filters = { '_up-to-date': ['true'] };
      const tasks = await call(
        listOf(z.object({ ID: z.string() })),
        (abortSignal) => docker.listTasks({ abortSignal, filters }),
        ends,
      );
      return tasks.map(({ ID }) => ID);
    },

    async scale(name, replicas) {
      const before = scaling.get(name);
      const mine = (async () => {
        await before?.catch(() => {});
        return update(() => scaleNow(name, replicas));
      })();
      scaling.set(name, mine);
      try {
        return await mine;
      } finally {
        if (scaling.get(name) === mine) scaling.delete(name);
      }
    },

    setAvailability: (node, availability, options) =>
      update(() => makeAvailable(node, availability, options)),

    async killContainer(id) {
      await call(z.unknown(), (abortSignal) =>
        docker.getContainer(pathPart('container', id)).kill({ abortSignal }),
      );
    },

    async joinCommand() {
      const [swarm, info] = await Promise.all([
        call(swarmSchema, (abortSignal) => docker.swarmInspect({ abortSignal })),
        this.info(),
      ]);
      const { NodeAddr: address } = info.Swarm;
      const host = address.includes(':') ? `[${address}]` : address;
      return shell`docker swarm join --token ${swarm.JoinTokens.Worker} ${host}:2377`;
    },

    async events(signal, onEvent) {
      const replaced = new AbortController();
      const ends = AbortSignal.any([signal, replaced.signal]);
      const stopWatching =
        address.kind === 'unix'
          ? await watchSocket(address.socketPath, () => replaced.abort())
          : () => {};
      try {
        const filters = { scope: ['swarm'], type: ['node', 'service'] };
        const ask = () => docker.getEvents({ abortSignal: ends, filters });
        const stream = await agent.run(ask, { endless: true });
        for await (const line of linesOf(stream)) {
          if (line.trim() === '') continue;
          const event = eventSchema.safeParse(JSON.parse(line));
          if (event.success) onEvent(event.data);
        }
      } catch (error) {
        if (!ends.aborted) throw toEngineError(error, address);
      } finally {
        stopWatching();
      }
    },
  };
}

/**
 * Calls `onReplaced` once when the socket's file is another one than it is now; gone is no reason,
 * that shows elsewhere. Returns how to stop that.
 */
async function watchSocket(path: string, onReplaced: () => void): Promise<() => void> {
  const which = () =>
    files.stat(path).then(
      ({ dev, ino }) => `${dev} ${ino}`,
      () => null,
    );
  const first = await which();
  const timer = setInterval(() => {
    void which().then((now) => {
      if (now === null || now === first) return;
      clearInterval(timer);
      onReplaced();
    });
  }, SOCKET_MS);
  timer.unref();
  return () => clearInterval(timer);
}
