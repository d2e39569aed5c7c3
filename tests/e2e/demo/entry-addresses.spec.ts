import type { Page } from '@playwright/test';
import { editEach } from '../../support/odd-cases';
import { oddEngine, type Oddity } from '../../support/odd-engine';
import { silentPort } from '../../support/silent-port';
import { sticksOut, expectNoViolations } from '../support/axe';
import { createService, running } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';

/** Where the curl panel sends its requests: ports that the engine chose, and addresses that do not answer. */

const panel = (page: Page) => page.getByRole('region', { name: 'Curl panel' });
const start = (page: Page) =>
  panel(page).getByRole('button', { name: 'Start', exact: true }).click();

/** An address at which nothing answers, neither at goweb's port nor at that of the nodes. */
const SILENT = '127.0.0.77';

/** An engine whose manager advertises another address than its node's. */
function advertised(address: string): Oddity {
  return editEach('/nodes', (node) =>
    node.ManagerStatus
      ? { ...node, ManagerStatus: { ...node.ManagerStatus, Addr: `${address}:2377` } }
      : node,
  );
}

test('ports that the engine chose: each task answers at its own, and a replacement at its new one', async ({
  page,
  swarm,
}) => {
  await createService(swarm, 'own', {
    Labels: { 'clusterhat.curl': 'true' },
    Mode: { Replicated: { Replicas: 3 } },
    EndpointSpec: {
      Mode: 'vip',
      Ports: [{ Protocol: 'tcp', TargetPort: 8080, PublishMode: 'host' }],
    },
  });
  await expect.poll(() => running(swarm, 'own')).toHaveLength(3);
  await page.goto('/?at=rotate&mode=burst&burst=50');
  const choice = panel(page).getByRole('combobox', { name: 'Service and port' });
  await choice.selectOption('own:8080/host');
  await panel(page).getByLabel('Entry node').selectOption('All in turn');
  await expect(panel(page).getByText(/^seq 50|^for i in/)).toContainText(/:327\d\d/);
  await start(page);
  await expect(panel(page)).toContainText(
    /3 of 3 running tasks answered, each at its own port: host mode has no mesh/,
  );
  await expectNoViolations(page);
  await page.setViewportSize({ width: 360, height: 800 });
  await expect.poll(() => sticksOut(page)).toBeLessThanOrEqual(0);
});

test('an advertised address that does not answer: the next one is used, and shown', async ({
  page,
  swarm,
  start: startDashboard,
}) => {
  const silent = [await silentPort(SILENT, 8888), await silentPort(SILENT, 7946)];
  const odd = await oddEngine(swarm.socketPath, advertised(SILENT));
  const dashboard = await startDashboard({ dockerHost: odd.dockerHost });
  await page.goto(`${dashboard.url}/?at=ctrl&rate=5&for=10&timeout=1`);
  await start(page);
  await expect(panel(page).getByText(/^Round robin/)).toBeVisible();
  await expect(panel(page).getByText(/^for i in \$\(seq 50\)/)).not.toContainText(SILENT);
  await page.goto('about:blank');
  await odd.close();
  for (const port of silent) await port.close();
});
