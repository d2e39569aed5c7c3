import { afterAll, beforeAll } from 'vitest';
import { demoEngine, type TestEngine } from './engines';

/** A separate demo for the tests of the surrounding `describe`; it is there while they run. `api`: the newest by default. */
export function useDemo(api?: string): () => TestEngine {
  let engine: TestEngine | undefined;
  beforeAll(async () => {
    engine = await demoEngine(api);
  });
  afterAll(() => engine?.close());
  return () => {
    if (!engine) throw new Error('the demo did not start');
    return engine;
  };
}
