import { expectBoardShows, node } from '../support/board';
import { createService, running } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';

/** The page on engines of other API versions: Docker 19.03, 20.10, 25, 28.0 and 29.0. */

for (const [api, engine] of [
  ['1.40', '19.03.15'],
  ['1.41', '20.10.24'],
  ['1.44', '25.0.5'],
  ['1.48', '28.0.4'],
  ['1.52', '29.1.5'],
] as const) {
  test(`API ${api}: the board, scaling and jobs`, async ({ page, start, startSwarm }) => {
    const swarm = await startSwarm({ api, speed: 4 });
    const { url } = await start({ dockerHost: swarm.dockerHost });
    await createService(swarm, 'work', {
      TaskTemplate: {
        ContainerSpec: { Image: 'carmeloc/goweb:done' },
        RestartPolicy: { Condition: 'none' },
        ForceUpdate: 0,
        Runtime: 'container',
      },
      Mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } },
    });
    await page.goto(url);
    await expect(page.getByRole('banner')).toContainText('live');
    await expect(node(page, 'ctrl')).toContainText(engine);
    // No Zero runs a newer engine than the controller; 28.5.2 is what they have otherwise.
    const older = Number.parseInt(engine, 10) < 29 ? engine : '28.5.2';
    await expect(node(page, 'zero1')).toContainText(older);
    await page.getByRole('button', { name: 'Add one goweb replica' }).click();
    await expect(page.getByText('4 of 4 running')).toBeVisible();
    await expectBoardShows(page, 4, () => running(swarm, 'goweb'));
    // Docker 19.03 has no jobs and makes it a service.
    const isJob = api !== '1.40';
    const listed = page.getByLabel('Service shown').locator('option', { hasText: 'work' });
    await expect(listed).toHaveText(isJob ? 'work 0/1 (1/1 completed)' : 'work 0/1');
  });
}
