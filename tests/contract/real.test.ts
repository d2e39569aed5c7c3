import { afterAll, beforeAll, describe, vi } from 'vitest';
import { realEngine, type TestEngine } from './engines';
import { cli } from './suite-cli';
import { dashboard } from './suite-dashboard';
import { jobDifferences, jobs } from './suite-jobs';
import { logs } from './suite-logs';
import { nodes } from './suite-nodes';
import { previews } from './suite-previews';
import { operate } from './suite-operate';
import { rollouts } from './suite-rollouts';
import { services } from './suite-services';
import { shapes } from './suite-shapes';

const host = process.env['CONTRACT_DOCKER_HOST'];

// The tests mostly wait, but the machine runs five engines.
vi.setConfig({ maxConcurrency: 3 });

/** `differences`: only what engines send differently, and the dashboard on them. */
const whole = process.env['CONTRACT_PART'] !== 'differences';

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
    dashboard(engineOf);
    logs(engineOf);
    if (!whole) return jobDifferences(engineOf);
    jobs(engineOf);
    services(engineOf);
    operate(engineOf);
    rollouts(engineOf);
    cli(engineOf);
  });
  if (!whole) return;
  nodes(engineOf);
  previews(engineOf);
});
