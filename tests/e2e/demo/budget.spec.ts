import { firstLoad, SIZE_LIMITS, totalSize, untouchedLoad } from '../../support/first-load';
import { expect, test } from '../support/demo-fixtures';

// A first visit, which loads the most.
test.use({ firstVisit: true });

/** Sizes that do not depend on the machine. `npm run bench -- budgets` prints them with the times. */

test('the first load transfers at most 150 kB of JavaScript', async ({ dashboard }) => {
  const { javascript, scripts } = await firstLoad(dashboard.url);
  console.log(
    `      first load: ${javascript} bytes of JavaScript, limit ${SIZE_LIMITS.firstLoad}`,
  );
  // Next and React alone exceed this: a lower sum means that scripts were not found.
  expect(javascript).toBeGreaterThan(100_000);
  const each = JSON.stringify(Object.fromEntries(scripts));
  expect(javascript, each).toBeLessThanOrEqual(SIZE_LIMITS.firstLoad);
});

test('the page transfers at most 210 kB of JavaScript without interaction', async ({
  page,
  dashboard,
}) => {
  const { scripts: first } = await firstLoad(dashboard.url);
  const scripts = await untouchedLoad(page, dashboard.url);
  const total = totalSize(scripts);
  console.log(`      untouched: ${total} bytes of JavaScript, limit ${SIZE_LIMITS.untouched}`);
  // Includes the scripts named in the HTML and those loaded later.
  const paths = [...scripts.keys()].map((url) => url.slice(new URL(url).origin.length));
  expect(paths).toEqual(expect.arrayContaining([...first.keys()]));
  expect(scripts.size).toBeGreaterThan(first.size);
  const each = JSON.stringify(Object.fromEntries(scripts));
  expect(total, each).toBeLessThanOrEqual(SIZE_LIMITS.untouched);
});
