import { chromium, type Page } from '@playwright/test';
import { expect, onTestFinished, test } from 'vitest';
import { CHROMIUM } from '../support/chromium';
import { capturedJson, startEngine, type EngineJson } from './support/engine';
import { ask } from './support/raw';
import { startServer } from './support/server';

/** Names by an engine, a rogue worker or a service's author are rendered as text. */

const PAYLOADS = [
  '<script>window.harmed=1</script>',
  '"><img src=x data-harm onerror="window.harmed=1">',
  "'-window.harmed=1-'",
  'javascript:window.harmed=1',
  '</script><script>window.harmed=1</script>',
  '<!--<script>',
  '${window.harmed=1}{{7*7}}',
  '\u202Egpj.exe\u202C',
  '\u2028window.harmed=1\u2029',
];

/** Each payload as the name in every field that is shown. */
function harmful(payload: string): EngineJson {
  const json = capturedJson();
  const at = (entry: unknown, ...path: string[]) =>
    path.reduce<Record<string, unknown>>(
      (one, key) => (one[key] ??= {}) as Record<string, unknown>,
      entry as Record<string, unknown>,
    );
  json.info['Name'] = payload;
  json.info['ServerVersion'] = payload;
  json.version['Version'] = payload;
  for (const node of json.nodes) {
    // The controller keeps its name, so that the board is shown.
    const description = at(node, 'Description');
    if (description['Hostname'] !== 'ctrl') description['Hostname'] = payload;
    Object.assign(at(node, 'Description', 'Engine'), { EngineVersion: payload });
    Object.assign(at(node, 'Description', 'Platform'), { Architecture: payload, OS: payload });
    Object.assign(at(node, 'Status'), { Message: payload });
  }
  for (const [n, service] of json.services.entries()) {
    Object.assign(at(service, 'Spec'), { Name: `${payload}${n || ''}` });
    Object.assign(at(service, 'Spec', 'TaskTemplate', 'ContainerSpec'), {
      Image: payload,
      Hostname: payload,
    });
    service['UpdateStatus'] = { State: 'paused', Message: payload };
  }
  for (const task of json.tasks) {
    Object.assign(at(task, 'Spec', 'ContainerSpec'), { Image: payload });
    Object.assign(at(task, 'Status'), { Err: payload, Message: payload });
  }
  return json;
}

/** Opens the page and all its dialogs and disclosures. */
async function lookAround(page: Page, url: string): Promise<string> {
  await page.goto(url);
  await expect.poll(() => page.getByRole('banner').innerText()).toMatch(/\blive\b/i);
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  const texts = [await page.locator('body').innerText()];
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click({ timeout: 2000 }).catch(() => {});
    texts.push(await page.locator('body').innerText());
  }
  return texts.join('\n');
}

test('renders any name as text', async () => {
  const browser = await chromium.launch({ executablePath: CHROMIUM });
  onTestFinished(() => browser.close());
  for (const payload of PAYLOADS) {
    const { url, port } = await startServer({ dockerHost: await startEngine(harmful(payload)) });
    const page = await browser.newPage();
    const text = await lookAround(page, url);
    expect(await page.evaluate(() => 'harmed' in window), payload).toBe(false);
    expect(await page.locator('[data-harm]').count(), payload).toBe(0);
    expect(await page.locator('[href^="javascript:" i], [src^="javascript:" i]').count()).toBe(0);
    expect(text).toContain(payload.replaceAll(/[\u2028-\u202e]/g, '').slice(0, 10));
    const { body } = await ask(port, '/');
    expect(body).not.toMatch(/<script>window\.harmed|<img src=x data-harm|<!--<script>/);
    await page.close();
  }
}, 300_000);
