import { afterAll, beforeAll, describe } from 'vitest';
import { demoEngine, type TestEngine } from './engines';
import { nodes } from './suite-nodes';

/** Its own demo, so that drained nodes disturb nobody and the two files run side by side. */
describe('the demo swarm', () => {
  let engine: TestEngine | undefined;
  const it = () => {
    if (!engine) throw new Error('the demo did not start');
    return engine;
  };
  beforeAll(async () => {
    engine = await demoEngine();
  });
  afterAll(() => engine?.close());

  nodes(it);
});
