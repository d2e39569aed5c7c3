import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/demo-fixtures';

/** What the content security policy blocks. Every other spec shows that it blocks nothing else, as a console error fails a test. */

test.use({
  allowedErrors: [/Content Security Policy|ERR_BLOCKED_BY_RESPONSE|status of 40[34]/],
});

/** Whether the script that `attack` injects ran, and which directives it violated. */
async function attempt(page: Page, attack: string): Promise<{ ran: boolean; violated: string[] }> {
  return page.evaluate(async (source) => {
    const scope = window as unknown as { ran: boolean };
    scope.ran = false;
    const violated: string[] = [];
    const note = (event: SecurityPolicyViolationEvent) => violated.push(event.effectiveDirective);
    document.addEventListener('securitypolicyviolation', note);
    const holder = document.createElement('div');
    document.body.append(holder);
    // Scripts of a contextual fragment are executed, unlike those of innerHTML.
    holder.append(document.createRange().createContextualFragment(source));
    await new Promise((resolve) => setTimeout(resolve, 500));
    document.removeEventListener('securitypolicyviolation', note);
    holder.remove();
    return { ran: scope.ran, violated };
  }, attack);
}

test.describe('on a page', () => {
  test.beforeEach(async ({ page }) => {
    await page.goto('/');
    await expect(page.getByRole('banner')).toContainText('live');
  });

  for (const [what, attack, directive] of [
    ['an inline script', '<script>window.ran = true</script>', 'script-src-elem'],
    ['an inline handler', '<img src="x:" onerror="window.ran = true">', 'script-src-attr'],
    [
      'a foreign script',
      '<script src="http://127.0.0.9:9/x.js" onload="window.ran = true"></script>',
      'script-src-elem',
    ],
    [
      'a script in a data address',
      '<script src="data:text/javascript,window.ran=true"></script>',
      'script-src-elem',
    ],
    ['an inline style', '<style>body { color: red }</style>', 'style-src-elem'],
    ['a foreign frame', '<iframe src="http://127.0.0.9:9/"></iframe>', 'frame-src'],
    ['a plug-in', '<object data="/icon.svg"></object>', 'object-src'],
    ['another base', '<base href="http://127.0.0.9:9/">', 'base-uri'],
  ] as const) {
    test(`blocks ${what}`, async ({ page }) => {
      const { ran, violated } = await attempt(page, attack);
      expect(ran).toBe(false);
      expect(violated).toContain(directive);
    });
  }

  test('blocks eval', async ({ page }) => {
    // Runs from a button of the page, because the policy does not apply to what a debugger evaluates.
    const error = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          setTimeout(() => {
            try {
              // oxlint-disable-next-line no-eval -- this is what must fail
              resolve(String((0, eval)('1 + 1')));
            } catch (thrown) {
              resolve((thrown as Error).name);
            }
          });
        }),
    );
    expect(error).toBe('EvalError');
  });

  test('blocks requests to other origins', async ({ page }) => {
    const sent = await page.evaluate(() =>
      fetch('http://127.0.0.9:9/', { mode: 'no-cors' }).then(
        () => 'sent',
        () => 'stopped',
      ),
    );
    expect(sent).toBe('stopped');
    expect((await attempt(page, '<img src="http://127.0.0.9:9/x.png">')).violated).toContain(
      'img-src',
    );
  });
});

test('each response has a new nonce, and all scripts of the page carry it', async ({ request }) => {
  const nonces = new Set<string>();
  for (const path of ['/', '/', '/help', '/help']) {
    const response = await request.get(path);
    const policy = response.headers()['content-security-policy'] ?? '';
    const nonce = /script-src 'self' 'nonce-([^']{22,})'/.exec(policy)?.[1] ?? '';
    const scripts = (await response.text()).match(/<script[^>]*>/g) ?? [];
    expect(scripts.length, path).toBeGreaterThan(0);
    for (const script of scripts) expect(script, path).toContain(`nonce="${nonce}"`);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(4);
});

test('the help page and a page that does not exist log no error', async ({ page }) => {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) errors.push(message.text());
  });
  await page.goto('/help');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.goto('/nosuch');
  await expect(page.getByRole('heading', { name: 'ClusterHAT swarm' })).toBeVisible();
  await expect(page.getByText('There is nothing at this address.')).toBeVisible();
  expect(errors).toEqual([]);
});

test('a page on another port can link to the dashboard but cannot load or read it', async ({
  page,
  dashboard,
}) => {
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<a href="${dashboard.url}/">the dashboard</a>`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const statuses: number[] = [];
    page.on('response', (response) => {
      if (response.url().startsWith(dashboard.url)) statuses.push(response.status());
    });
    const loaded = await page.evaluate(async (url) => {
      const image = new Promise<boolean>((resolve) => {
        const icon = new Image();
        icon.addEventListener('load', () => resolve(true));
        icon.addEventListener('error', () => resolve(false));
        icon.src = `${url}/icon.svg`;
      });
      const fetched = ['/', '/api/swarm', '/healthz'].map((path) =>
        fetch(url + path, { mode: 'no-cors' }).then(
          () => true,
          () => false,
        ),
      );
      return Promise.all([image, ...fetched]);
    }, dashboard.url);
    expect(loaded).toEqual([false, false, false, false]);
    expect(statuses.every((status) => status === 403)).toBe(true);
    await page.getByRole('link').click();
    await expect(page.getByRole('banner')).toContainText('live');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
