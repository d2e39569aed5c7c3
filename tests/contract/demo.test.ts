import { afterAll, beforeAll, describe, vi } from 'vitest';
import { demoEngine, type TestEngine } from './engines';
import { cli } from './suite-cli';
import { jobs } from './suite-jobs';
import { services } from './suite-services';
import { shapes } from './suite-shapes';

// Nearly all of it is waiting.
vi.setConfig({ maxConcurrency: 24 });

/** The demo, held to the same contract as the real engines (real.test.ts). */
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

  describe.concurrent('while nodes are left alone', () => {
    shapes(it);
    services(it);
    jobs(it);
    cli(it);
  });
});
