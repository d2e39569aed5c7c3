import { firstLoad } from '../../support/first-load';
import { expect, test } from '../support/demo-fixtures';

/** Sizes that do not depend on the machine. `npm run bench -- budgets` prints them with the times. */

const LIMIT = 150_000;

test('the first load brings at most 150 kB of JavaScript', async ({ dashboard }) => {
  const { javascript, scripts } = await firstLoad(dashboard.url);
  console.log(`      first load: ${javascript} bytes of JavaScript (gzip), limit ${LIMIT}`);
  // Next with React alone is more than this: less would mean that scripts were not found.
  expect(javascript).toBeGreaterThan(100_000);
  expect(javascript, JSON.stringify(Object.fromEntries(scripts))).toBeLessThanOrEqual(LIMIT);
});
