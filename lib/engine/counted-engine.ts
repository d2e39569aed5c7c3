import type { Engine } from './engine';
import { isEngineError } from './errors';

/** Called when a call has ended: what was asked, for how many seconds, and the error's kind if it failed. */
export type OnCall = (call: string, seconds: number, failure: string | null) => void;

/**
 * The same engine; `onCall` is called after each call but `events`, which lasts as long as somebody
 * watches. A call that its own caller aborted is not a failure of the engine, and is left out.
 */
export function countedEngine(engine: Engine, onCall: OnCall): Engine {
  async function timed<T>(call: string, ask: () => Promise<T>, ends?: AbortSignal): Promise<T> {
    const began = performance.now();
    const end = (failure: string | null) =>
      onCall(call, (performance.now() - began) / 1000, failure);
    try {
      const answer = await ask();
      // The only call that fails without throwing.
      end(answer === false ? 'engine-timeout' : null);
      return answer;
    } catch (error) {
      if (!ends?.aborted) end(isEngineError(error) ? error.kind : 'engine-error');
      throw error;
    }
  }
  return {
    where: engine.where,
    ping: (withinMs) => timed('ping', () => engine.ping(withinMs)),
    info: (ends) => timed('info', () => engine.info(ends), ends),
    version: (ends) => timed('version', () => engine.version(ends), ends),
    nodes: (ends) => timed('nodes', () => engine.nodes(ends), ends),
    services: (ends) => timed('services', () => engine.services(ends), ends),
    tasks: (ends) => timed('tasks', () => engine.tasks(ends), ends),
    upToDateTasks: (ends) => timed('up-to-date tasks', () => engine.upToDateTasks(ends), ends),
    scale: (...args) => timed('scale', () => engine.scale(...args)),
    setAvailability: (...args) => timed('node update', () => engine.setAvailability(...args)),
    killContainer: (id) => timed('kill', () => engine.killContainer(id)),
    joinCommand: () => timed('join command', () => engine.joinCommand()),
    events: (signal, onEvent) => engine.events(signal, onEvent),
  };
}
