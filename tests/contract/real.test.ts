import { afterAll, beforeAll, describe, vi } from 'vitest';
import { realEngine, type TestEngine } from './engines';
import { cli } from './suite-cli';
import { jobs } from './suite-jobs';
import { nodes } from './suite-nodes';
import { services } from './suite-services';
import { shapes } from './suite-shapes';

const host = process.env['CONTRACT_DOCKER_HOST'];

// Nearly all of it is waiting, but the machine carries five engines.
vi.setConfig({ maxConcurrency: 3 });

/** Real engines: the manager of a lab, named by CONTRACT_DOCKER_HOST (unix://…). */
describe.skipIf(host === undefined)('real engines', () => {
  let engine: TestEngine | undefined;
  const it = () => {
    if (!engine) throw new Error('CONTRACT_DOCKER_HOST is not set');
    return engine;
  };
  beforeAll(async () => {
    engine = await realEngine(host ?? '');
  });
  afterAll(() => engine?.close());

  describe.concurrent('while nodes are left alone', () => {
    shapes(it);
    services(it);
    jobs(it);
    cli(it);
  });
  nodes(it);
});
