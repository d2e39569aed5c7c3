import { afterAll, beforeAll, describe } from 'vitest';
import { demoEngine, type TestEngine } from './engines';
import { nodes } from './suite-nodes';
import { previews } from './suite-previews';

/** A separate demo, so that drained nodes do not affect the tests in demo.test.ts, which run in parallel. */
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
  previews(it);
});
