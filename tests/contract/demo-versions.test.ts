import { describe, vi } from 'vitest';
import { EVERY_CASE } from '../support/every-case';
import { dashboard } from './suite-dashboard';
import { jobs, withoutJobs } from './suite-jobs';
import { logs } from './suite-logs';
import { operate } from './suite-operate';
import { services } from './suite-services';
import { shapes } from './suite-shapes';
import { useDemo } from './use-demo';

// The tests mostly wait.
vi.setConfig({ maxConcurrency: 16 });

/** Docker 19.03, 20.10, 25 and 28.0. */
const VERSIONS = ['1.40', '1.41', '1.44', '1.48'];
/** Docker 26.1 and 28.5, as Debian has them, and 29.0, which refuses clients below 1.44. */
const FEWER_TESTS = ['1.45', '1.51', '1.52'];

/** For `npm run check`. */
const OLDEST = ['1.40'];

/** The suite of the real engines of the same API version. */
describe.concurrent.each(EVERY_CASE ? [...VERSIONS, ...FEWER_TESTS] : OLDEST)(
  'the demo swarm with API %s',
  (api) => {
    const engineOf = useDemo(api);
    shapes(engineOf);
    dashboard(engineOf);
    if (!VERSIONS.includes(api)) return;
    services(engineOf);
    operate(engineOf);
    logs(engineOf);
    if (api === '1.40') withoutJobs(engineOf);
    else jobs(engineOf);
  },
);
