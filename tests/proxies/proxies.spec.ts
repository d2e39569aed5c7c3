import { documentedProxy } from './docs';
import { expect, expectLive, test, trySignIn, type Setup } from './fixtures';

/** The page through nginx and Caddy from Debian: live, signed in and scaling, or refused with the cure. */

/** A minimal nginx `server` with one location. */
const bareNginx = ({ port, upstream }: Setup, { at = '/', to = '', host = '' } = {}) => `
server {
  listen 127.0.0.1:${port};
  location ${at} {
    proxy_pass http://${upstream}${to};
    ${host && `proxy_set_header Host ${host};`}
  }
}
`;

test.describe('nginx that passes its upstream’s Host on (bare proxy_pass)', () => {
  test('with DASHBOARD_ORIGIN', async ({ page, setUp, nginx, expectWorks }) => {
    const setup = await setUp({ path: '' });
    await nginx(bareNginx(setup), setup);
    await page.goto(setup.address);
    await expectWorks();
  });

  test.describe('without', () => {
    test.use({ allowedErrors: [/403/] });

    test('a sign-in is refused with the line to add and the setting', async ({
      page,
      setUp,
      nginx,
    }) => {
      const setup = await setUp({ name: '127.0.0.1' });
      await nginx(bareNginx(setup), setup);
      await page.goto(setup.address);
      await expectLive(page);
      await trySignIn(page);
      const alert = page.getByRole('dialog').getByRole('alert');
      await expect(alert).toContainText('proxy_set_header Host $http_host;');
      await expect(alert).toContainText(`DASHBOARD_ORIGIN=${setup.address}`);
    });
  });
});

test.describe('nginx that passes Host on without its port ($host)', () => {
  test('with DASHBOARD_ORIGIN', async ({ page, setUp, nginx, expectWorks }) => {
    const setup = await setUp({ path: '' });
    await nginx(bareNginx(setup, { host: '$host' }), setup);
    await page.goto(setup.address);
    await expectWorks();
  });

  test.describe('without', () => {
    test.use({ allowedErrors: [/403/] });

    test('a sign-in is refused with the line to change and the setting', async ({
      page,
      setUp,
      nginx,
    }) => {
      const setup = await setUp({ name: '127.0.0.1' });
      await nginx(bareNginx(setup, { host: '$host' }), setup);
      await page.goto(setup.address);
      await trySignIn(page);
      const alert = page.getByRole('dialog').getByRole('alert');
      await expect(alert).toContainText('proxy_set_header Host $http_host;');
      await expect(alert).toContainText(`DASHBOARD_ORIGIN=${setup.address}`);
    });
  });
});

test.describe('nginx that passes Host on ($http_host)', () => {
  test('needs no setting by address', async ({ page, setUp, nginx, expectWorks }) => {
    const setup = await setUp({ name: '127.0.0.1' });
    await nginx(bareNginx(setup, { host: '$http_host' }), setup);
    await page.goto(setup.address);
    await expectWorks();
  });

  test('works by the name in DASHBOARD_ORIGIN', async ({ page, setUp, nginx, expectWorks }) => {
    const setup = await setUp({ path: '' });
    await nginx(bareNginx(setup, { host: '$http_host' }), setup);
    await page.goto(setup.address);
    await expectWorks();
  });

  test.describe('by another name', () => {
    test.use({ allowedErrors: [/403/] });

    test('is refused with the setting', async ({ page, setUp, nginx }) => {
      const setup = await setUp();
      await nginx(bareNginx(setup, { host: '$http_host' }), setup);
      await page.goto(setup.address);
      await expect(page.locator('body')).toContainText(`DASHBOARD_ORIGIN=${setup.address}`);
    });
  });
});

test.describe('nginx below a path', () => {
  test('kept: works with DASHBOARD_ORIGIN, as documented', async ({
    page,
    setUp,
    nginx,
    expectWorks,
  }) => {
    const setup = await setUp({ path: '/swarm' });
    await nginx(documentedProxy('nginx-path', setup), setup);
    const own: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/api/live')) own.push(request.url());
    });
    await page.goto(`${setup.address}/swarm`);
    await expect(page).toHaveURL(`${setup.address}/swarm/`);
    await expectWorks();
    // The worker that tabs share was found below the path.
    expect(own).toEqual([]);
    const help = page.getByRole('contentinfo').getByRole('link');
    const [tab] = await Promise.all([page.waitForEvent('popup'), help.click()]);
    await expect(tab).toHaveURL(`${setup.address}/swarm/help`);
    await expect(tab.getByRole('heading', { level: 1 })).toBeVisible();
    await tab.getByRole('link', { name: 'ClusterHAT swarm' }).click();
    await expect(tab).toHaveURL(`${setup.address}/swarm/`);
  });

  test('stripped: works with DASHBOARD_ORIGIN', async ({ page, setUp, nginx, expectWorks }) => {
    const setup = await setUp({ path: '/swarm' });
    const kept = documentedProxy('nginx-path', setup);
    await nginx(kept.replace(`http://${setup.upstream};`, `http://${setup.upstream}/;`), setup);
    await page.goto(`${setup.address}/swarm/`);
    await expectWorks();
    await page.goto(`${setup.address}/swarm/help/`);
    await expect(page).toHaveURL(`${setup.address}/swarm/help`);
  });

  test('stripped: needs no setting by address', async ({ page, setUp, nginx, expectWorks }) => {
    const setup = await setUp({ name: '127.0.0.1' });
    await nginx(bareNginx(setup, { at: '/swarm/', to: '/', host: '$http_host' }), setup);
    await page.goto(`${setup.address}/swarm/`);
    await expectWorks();
  });

  test.describe('kept, without the setting', () => {
    test.use({ allowedErrors: [/404/] });

    test('the page that is missing names it', async ({ page, setUp, nginx }) => {
      const setup = await setUp({ name: '127.0.0.1' });
      await nginx(bareNginx(setup, { at: '/swarm/', host: '$http_host' }), setup);
      await page.goto(`${setup.address}/swarm/`);
      await expect(page.locator('body')).toContainText(`DASHBOARD_ORIGIN=${setup.address}/swarm`);
    });
  });
});

test('nginx with TLS, as documented', async ({ page, context, setUp, nginx, expectWorks }) => {
  const setup = await setUp({ scheme: 'https', path: '' });
  await nginx(documentedProxy('nginx', setup), setup);
  await page.goto(setup.address);
  await expectWorks();
  const cookies = await context.cookies();
  expect(cookies.length).toBeGreaterThan(0);
  for (const { name, secure } of cookies) {
    expect(name).toMatch(/^__Host-/);
    expect(secure).toBe(true);
  }
});

test('Caddy with a minimal configuration, by address', async ({
  page,
  setUp,
  caddy,
  expectWorks,
}) => {
  const setup = await setUp({ name: '127.0.0.1' });
  await caddy(`http://127.0.0.1:${setup.port} {\n\treverse_proxy ${setup.upstream}\n}\n`, setup);
  await page.goto(setup.address);
  await expectWorks();
});

test('Caddy with TLS, as documented', async ({ page, setUp, caddy, expectWorks }) => {
  const setup = await setUp({ scheme: 'https', path: '' });
  await caddy(documentedProxy('caddy', setup), setup);
  await page.goto(setup.address);
  await expectWorks();
});

test('Caddy with TLS below a path, as documented', async ({ page, setUp, caddy, expectWorks }) => {
  const setup = await setUp({ scheme: 'https', path: '/swarm' });
  await caddy(documentedProxy('caddy-path', setup), setup);
  await page.goto(`${setup.address}/swarm`);
  await expectWorks();
});

test.describe('a dashboard without a password, open to its own machine', () => {
  test.use({ allowedErrors: [/403/] });

  for (const proxy of ['nginx', 'caddy'] as const) {
    test(`is refused through bare ${proxy}: page, reading and changes`, async ({
      page,
      request,
      setUp,
      nginx,
      caddy,
    }) => {
      const setup = await setUp({ name: '127.0.0.1', password: false });
      const site = `http://127.0.0.1:${setup.port} {\n\treverse_proxy ${setup.upstream}\n}\n`;
      if (proxy === 'nginx') await nginx(bareNginx(setup), setup);
      else await caddy(site, setup);
      const answer = await page.goto(setup.address);
      expect(answer?.status()).toBe(403);
      await expect(page.locator('body')).toContainText('DASHBOARD_PASSWORD_FILE');
      for (const path of ['/api/swarm', '/api/live']) {
        const read = await request.get(setup.address + path);
        expect([read.status(), await read.json()]).toMatchObject([403, { kind: 'behind-proxy' }]);
      }
      const data = { replicas: 5 };
      const scale = await request.post(`${setup.address}/api/services/goweb/scale`, { data });
      expect(scale.status()).toBe(403);
    });
  }
});
