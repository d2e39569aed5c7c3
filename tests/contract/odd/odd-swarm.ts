import { DEMO_HAT } from '@/demo/hat';
import { dockerEngine, isEngineError, type Engine, type EngineError } from '@/lib/engine';
import { Feed } from '@/lib/live/feed';
import type { SwarmView } from '@/lib/swarm/view';
import { oddEngine, type Oddity, type OddEngine } from '@/tests/support/odd-engine';
import { demoEngine } from '../engines';

/** A dashboard's reader on an engine with something odd about it. */
export interface OddReader {
  /** To make something else odd between two reads. */
  odd: OddEngine;
  engine: Engine;
  feed: Feed;
  /** The view of one more read. Throws `EngineError`. */
  read(): Promise<SwarmView>;
}

/** A demo swarm and readers that see it through an odd engine: no browser, but all from the socket to the view. */
export interface OddSwarm {
  /** A new reader of the swarm with this oddity; null: with none. */
  reader(oddity: Oddity | null): Promise<OddReader>;
  /** The first view of a new reader. */
  view(oddity: Oddity | null): Promise<SwarmView>;
  /** Why there is no view; null when there is one. */
  failure(oddity: Oddity): Promise<EngineError | null>;
  close(): Promise<void>;
}

/** Starts a demo for a test file: five nodes and goweb with three running tasks. */
export async function oddSwarm(): Promise<OddSwarm> {
  const demo = await demoEngine();
  const opened: OddEngine[] = [];
  const reader = async (oddity: Oddity | null) => {
    const odd = await oddEngine(demo.socketPath, oddity);
    opened.push(odd);
    const engine = dockerEngine({ kind: 'unix', socketPath: odd.socketPath });
    const feed = new Feed(engine, { hat: DEMO_HAT.map(({ name }) => name), echoService: 'goweb' });
    return { odd, engine, feed, read: () => feed.fresh() };
  };
  return {
    reader,
    view: async (oddity) => (await reader(oddity)).read(),
    async failure(oddity) {
      try {
        await (await reader(oddity)).read();
        return null;
      } catch (error) {
        if (isEngineError(error)) return error;
        throw error;
      }
    },
    async close() {
      await Promise.all(opened.map((odd) => odd.close()));
      await demo.close();
    },
  };
}
