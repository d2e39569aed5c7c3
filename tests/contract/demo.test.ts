import { describe, vi } from 'vitest';
import { cli } from './suite-cli';
import { dashboard } from './suite-dashboard';
import { jobs } from './suite-jobs';
import { logs } from './suite-logs';
import { operate } from './suite-operate';
import { rollouts } from './suite-rollouts';
import { services } from './suite-services';
import { shapes } from './suite-shapes';
import { useDemo } from './use-demo';

// The tests mostly wait.
vi.setConfig({ maxConcurrency: 24 });

/** The same suite as for the real engines (real.test.ts), with the newest API version. */
describe('the demo swarm', () => {
  const engineOf = useDemo();

  describe.concurrent('without changes of nodes', () => {
    shapes(engineOf);
    services(engineOf);
    operate(engineOf);
    rollouts(engineOf);
    jobs(engineOf);
    cli(engineOf);
    logs(engineOf);
    dashboard(engineOf);
  });
});
