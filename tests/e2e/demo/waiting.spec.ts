import type { Page } from '@playwright/test';
import type { ServiceSpec } from '@/demo/types';
import { sticksOut, expectNoViolations } from '../support/axe';
import { node } from '../support/board';
import { createService, updateService, type DemoSwarm } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';

/** Tasks without a node explain what keeps each node away, and a card which services swarm places elsewhere. */

const IMAGE = 'carmeloc/goweb:1.0';
type Template = ServiceSpec['TaskTemplate'];
const template = (over: Partial<Template>) =>
  ({ ContainerSpec: { Image: IMAGE }, ...over }) as Template;
const replicas = (Replicas: number) => ({ Replicated: { Replicas } });

async function setAvailability(swarm: DemoSwarm, name: string, Availability: string) {
  const { ID, Version, Spec } = (await swarm.engine('GET', `/nodes/${name}`)) as {
    ID: string;
    Version: { Index: number };
    Spec: object;
  };
  const spec = { ...Spec, Availability };
  await swarm.engine('POST', `/nodes/${ID}/update?version=${Version.Index}`, spec);
}

/** The chips in the lane of a service's tasks. */
const waiting = (page: Page, service: string) =>
  page
    .getByRole('region', { name: 'Waiting for a node' })
    .getByRole('listitem')
    .filter({ hasText: `${service}.` });

/** A service for each of swarm's reasons, and what its chip says. */
const REASONS: readonly (readonly [
  name: string,
  spec: Partial<ServiceSpec>,
  error: string,
  hint: string,
])[] = [
  [
    'labelled',
    {
      Mode: replicas(1),
      TaskTemplate: template({ Placement: { Constraints: ['node.labels.disk==ssd'] } }),
    },
    'no suitable node (scheduling constraints not satisfied on 5 nodes)',
    'labelled needs node.labels.disk==ssd; no node has it: docker node update --label-add disk=ssd zero1.',
  ],
  [
    'large',
    {
      Mode: replicas(1),
      TaskTemplate: template({ Resources: { Reservations: { MemoryBytes: 2 ** 31 } } }),
    },
    'no suitable node (insufficient resources on 5 nodes)',
    'large needs 2048 MiB of free memory; ctrl has 926 MiB and zero1, zero2, zero3 and zero4 have 427 MiB: docker service update --reserve-memory 926M large.',
  ],
  [
    'single',
    { Mode: replicas(6), TaskTemplate: template({ Placement: { MaxReplicas: 1 } }) },
    'no suitable node (max replicas per node limit exceed)',
    'single may run 1 task per node, and ctrl, zero1, zero2, zero3 and zero4 have as many. Scale it down, add a node, or raise the limit: docker service update --replicas-max-per-node 2 single.',
  ],
  [
    'ported',
    {
      Mode: replicas(6),
      TaskTemplate: template({}),
      EndpointSpec: {
        Mode: 'vip',
        Ports: [{ Protocol: 'tcp', TargetPort: 8080, PublishedPort: 18_082, PublishMode: 'host' }],
      },
    },
    'no suitable node (host-mode port already in use on 5 nodes)',
    'Port 18082 is taken on ctrl, zero1, zero2, zero3 and zero4 by ported itself: with mode=host each node runs one of its tasks. Scale it to the number of nodes, or publish it through the routing mesh.',
  ],
  [
    'foreign',
    {
      Mode: replicas(1),
      TaskTemplate: template({
        Placement: { Platforms: [{ Architecture: 'amd64', OS: 'linux' }] },
      }),
    },
    'no suitable node (unsupported platform on 5 nodes)',
    'The image is for linux/amd64 only, and ctrl (armv7l) and zero1, zero2, zero3 and zero4 (armv6l) cannot run it.',
  ],
  [
    'logging',
    { Mode: replicas(1), TaskTemplate: template({ LogDriver: { Name: 'loki' } }) },
    'no suitable node (missing plugin on 5 nodes)',
    'ctrl, zero1, zero2, zero3 and zero4 do not have the log driver loki. Install it on zero1: docker plugin install loki.',
  ],
];

for (const [name, spec, error, hint] of REASONS) {
  test(`a waiting task shows swarm's reason and the cure: ${name}`, async ({ page, swarm }) => {
    await createService(swarm, name, spec);
    await page.goto('/');
    const chip = waiting(page, name);
    await expect(chip).toContainText(hint);
    // The first attempt to schedule may count fewer nodes.
    await expect(chip).toContainText(error.replace(/5 nodes\)$/, ''));
    await chip.locator('[popovertarget]').click();
    await expect(chip.getByRole('link', { name: /^Help: / })).toBeVisible();
  });
}

test('a drained node that is the only one with the label is named, and follows the swarm', async ({
  page,
  swarm,
}) => {
  await setAvailability(swarm, 'zero4', 'drain');
  await createService(swarm, 'pinned', {
    Mode: replicas(1),
    TaskTemplate: template({ Placement: { Constraints: ['node.hostname==zero4'] } }),
  });
  await page.goto('/');
  await expect(waiting(page, 'pinned')).toContainText(
    'zero4 is drained: docker node update --availability active zero4. pinned needs node.hostname==zero4; ctrl, zero1, zero2 and zero3 do not meet it.',
  );
  await setAvailability(swarm, 'zero4', 'active');
  await expect(waiting(page, 'pinned')).toHaveCount(0);
  await expect(node(page, 'zero4')).toContainText('pinned.1');
});

test('a long explanation fits a phone, and a click selects its command', async ({
  page,
  swarm,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const [name, spec] = REASONS[0] ?? ['', {}];
  await createService(swarm, name, {
    ...spec,
    TaskTemplate: template({
      Placement: {
        Constraints: [
          'node.labels.a-label-with-a-rather-long-name-of-its-own==a-value-that-is-not-short-either',
          'node.labels.disk==ssd',
          'node.role==worker',
        ],
      },
    }),
  });
  await page.goto('/');
  const chip = waiting(page, name);
  await chip.locator('[popovertarget]').click();
  const command = chip.getByRole('group').locator('code');
  await expect(command).toContainText('docker node update --label-add');
  await command.click();
  const selected = await page.evaluate(() => document.getSelection()?.toString());
  expect(selected).toBe(await command.textContent());
  expect(await sticksOut(page)).toBeLessThanOrEqual(0);
  await expectNoViolations(page);
});

test('a card names the service that swarm avoids its node for, until the service’s next update', async ({
  page,
  swarm,
}) => {
  const others = ['ctrl', 'zero1', 'zero2', 'zero4'];
  for (const name of others) await setAvailability(swarm, name, 'drain');
  await page.goto('/');
  await swarm.control('/image', { image: 'carmeloc/goweb:1.1', exit: { code: 1, afterMs: 200 } });
  await createService(swarm, 'flaky', {
    Mode: replicas(2),
    TaskTemplate: template({
      ContainerSpec: { Image: 'carmeloc/goweb:1.1' },
      RestartPolicy: { Condition: 'any', Delay: 1_000_000, MaxAttempts: 0 },
    }),
  });
  const note = node(page, 'zero3').locator('[data-avoided="flaky"]');
  // Only zero3 takes tasks: swarm has no other node to prefer.
  await expect
    .poll(async () => {
      const tasks = (await swarm.engine('GET', '/tasks')) as { Status: { State: string } }[];
      return tasks.filter(({ Status }) => Status.State === 'failed').length;
    })
    .toBeGreaterThanOrEqual(7);
  await expect(note).toHaveCount(0);
  await swarm.control('/image', { image: 'carmeloc/goweb:1.1', exit: null });
  for (const name of others) await setAvailability(swarm, name, 'active');
  await expect(note).toHaveText(
    /^Until \d\d:\d\d(:\d\d)? swarm avoids zero3 for flaky, which failed here 5 times or more in 5 minutes\. An update of the service ends it: docker service update --force flaky\. Help$/,
  );
  await expectNoViolations(page);
  await updateService(swarm, 'flaky', (spec) => ({
    ...spec,
    TaskTemplate: { ...spec.TaskTemplate, ForceUpdate: 1 },
  }));
  await expect(note).toHaveCount(0);
});

test('a program that ends without an error again and again says why, and what can be done', async ({
  page,
  swarm,
}) => {
  await createService(swarm, 'ends', {
    TaskTemplate: template({
      ContainerSpec: { Image: 'carmeloc/goweb:done' },
      RestartPolicy: { Condition: 'any', Delay: 2_000_000_000, MaxAttempts: 0 },
    }),
    Mode: replicas(1),
  });
  await page.goto('/?service=ends');
  const why = 'The program ended without an error (exit code 0).';
  await expect(page.getByRole('region', { name: 'ends' })).toContainText(why);
  const ended = page.locator('[data-board] [data-task][data-state="complete"]').first();
  await expect(ended).toContainText(why);
  // Another one takes its place every few seconds.
  await expect(async () => {
    await ended.getByRole('button', { name: why }).click({ timeout: 1000 });
    const popover = page.getByRole('group', { name: 'Why ends.1 is complete' });
    const change = popover.getByRole('button', { name: 'Change command' });
    await change.filter({ visible: true }).click({ timeout: 1000 });
  }).toPass();
  const form = page.getByRole('dialog', { name: /^Update ends/ });
  await expect(form).toBeVisible();
});
