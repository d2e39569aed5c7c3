import { firstLoad, LIMITS, totalSize, untouchedLoad } from '../../support/first-load';
import { expect, test } from '../support/demo-fixtures';

/** Sizes that do not depend on the machine. `npm run bench -- budgets` prints them with the times. */

test('the first load brings at most 150 kB of JavaScript', async ({ dashboard }) => {
  const { javascript, scripts } = await firstLoad(dashboard.url);
  console.log(`      first load: ${javascript} bytes of JavaScript, limit ${LIMITS.firstLoad}`);
  // Next with React alone is more than this: less would mean that scripts were not found.
  expect(javascript).toBeGreaterThan(100_000);
  const each = JSON.stringify(Object.fromEntries(scripts));
  expect(javascript, each).toBeLessThanOrEqual(LIMITS.firstLoad);
});

test('the page transfers at most 210 kB of JavaScript without interaction', async ({
  page,
  dashboard,
}) => {
  const { scripts: first } = await firstLoad(dashboard.url);
  const scripts = await untouchedLoad(page, dashboard.url);
  const total = totalSize(scripts);
  console.log(`      untouched: ${total} bytes of JavaScript, limit ${LIMITS.untouched}`);
  // What the HTML names is among it, and what comes later too.
  const paths = [...scripts.keys()].map((url) => url.slice(new URL(url).origin.length));
  expect(paths).toEqual(expect.arrayContaining([...first.keys()]));
  expect(scripts.size).toBeGreaterThan(first.size);
  const each = JSON.stringify(Object.fromEntries(scripts));
  expect(total, each).toBeLessThanOrEqual(LIMITS.untouched);
});
