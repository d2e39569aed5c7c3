import { describe } from 'vitest';
import { previews } from './suite-previews';
import { useDemo } from './use-demo';

/** A demo of its own, so that nodes that leave do not affect the tests of the other files, which run in parallel. */
describe('the demo swarm', () => {
  previews(useDemo());
});
