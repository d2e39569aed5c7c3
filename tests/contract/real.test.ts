import { afterAll, beforeAll, describe, vi } from 'vitest';
import { realEngine, type TestEngine } from './engines';
import { cli } from './suite-cli';
import { jobs } from './suite-jobs';
import { nodes } from './suite-nodes';
import { services } from './suite-services';
import { shapes } from './suite-shapes';

const host = process.env['CONTRACT_DOCKER_HOST'];

// The tests mostly wait, but the machine runs five engines.
vi.setConfig({ maxConcurrency: 3 });

/** Real engines: the manager of a lab, at CONTRACT_DOCKER_HOST (unix://…). */
describe.skipIf(host === undefined)('real engines', () => {
  let engine: TestEngine | undefined;
  const engineOf = () => {
    if (!engine) throw new Error('CONTRACT_DOCKER_HOST is not set');
    return engine;
  };
  beforeAll(async () => {
    engine = await realEngine(host ?? '');
  });
  afterAll(() => engine?.close());

  describe.concurrent('without changes of nodes', () => {
    shapes(engineOf);
    services(engineOf);
    jobs(engineOf);
    cli(engineOf);
  });
  nodes(engineOf);
});
