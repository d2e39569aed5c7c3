import type { Engine } from './engine';
import { isEngineError } from './errors';

/** Called after each call with its name, its duration and the error's kind if it failed. */
export type OnCall = (call: string, seconds: number, failure: string | null) => void;

/**
 * The same engine; `onCall` is called after each call except `events` and `logs`, which last while there are viewers. A
 * call that its caller aborted is not a failure of the engine and is not counted.
 */
export function countedEngine(engine: Engine, onCall: OnCall): Engine {
  async function timed<T>(call: string, send: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const startedAt = performance.now();
    const end = (failure: string | null) =>
      onCall(call, (performance.now() - startedAt) / 1000, failure);
    try {
      const result = await send();
      // The only call that fails without throwing.
      end(result === false ? 'engine-timeout' : null);
      return result;
    } catch (error) {
      const isRejected = error instanceof Error && error.name === 'ChangeRejected';
      const failure = isEngineError(error) ? error.kind : 'engine-error';
      if (!signal?.aborted) end(isRejected ? null : failure);
      throw error;
    }
  }
  return {
    where: engine.where,
    ping: (timeoutMs) => timed('ping', () => engine.ping(timeoutMs)),
    pingAllowed: (signal) => timed('ping', () => engine.pingAllowed(signal), signal),
    info: (signal, onOdd) => timed('info', () => engine.info(signal, onOdd), signal),
    version: (signal, onOdd) => timed('version', () => engine.version(signal, onOdd), signal),
    nodes: (signal, onOdd) => timed('nodes', () => engine.nodes(signal, onOdd), signal),
    services: (signal, onOdd) => timed('services', () => engine.services(signal, onOdd), signal),
    tasks: (signal, onOdd) => timed('tasks', () => engine.tasks(signal, onOdd), signal),
    upToDateTasks: (signal) =>
      timed('up-to-date tasks', () => engine.upToDateTasks(signal), signal),
    scale: (...args) => timed('scale', () => engine.scale(...args)),
    setAvailability: (...args) => timed('node update', () => engine.setAvailability(...args)),
    inspectService: (name, signal) =>
      timed('inspect', () => engine.inspectService(name, signal), signal),
    inspectNode: (name, signal) => timed('inspect', () => engine.inspectNode(name, signal), signal),
    inspectTask: (id, signal) => timed('inspect', () => engine.inspectTask(id, signal), signal),
    createService: (spec) => timed('service create', () => engine.createService(spec)),
    changeService: (...args) => timed('service update', () => engine.changeService(...args)),
    rollbackService: (...args) => timed('service rollback', () => engine.rollbackService(...args)),
    restartService: (...args) => timed('service update', () => engine.restartService(...args)),
    removeService: (...args) => timed('service remove', () => engine.removeService(...args)),
    changeNode: (...args) => timed('node update', () => engine.changeNode(...args)),
    removeNode: (...args) => timed('node remove', () => engine.removeNode(...args)),
    distribution: (image, signal) =>
      timed('distribution', () => engine.distribution(image, signal), signal),
    networkName: (id, signal) => timed('network', () => engine.networkName(id, signal), signal),
    rotateJoinToken: (role) => timed('rotate join token', () => engine.rotateJoinToken(role)),
    killContainer: (id) => timed('kill', () => engine.killContainer(id)),
    joinCommand: (role) => timed('join command', () => engine.joinCommand(role)),
    events: (...args) => engine.events(...args),
    logs: (...args) => engine.logs(...args),
    pastEvents: (since, until, signal) =>
      timed('past events', () => engine.pastEvents(since, until, signal), signal),
  };
}
