import { chromium } from '@playwright/test';
import { expect, onTestFinished, test } from 'vitest';
import { problemSchema } from '@/lib/api';
import { CHROMIUM } from '../support/chromium';
import { openStream, type OpenStream } from './support/stream';
import { startTarget } from './support/server';

/** No client can use up the streams of others. */

async function openMany(
  port: number,
  count: number,
  options: Parameters<typeof openStream>[1] = {},
): Promise<OpenStream[]> {
  const streams: OpenStream[] = [];
  for (let n = 0; n < count; n += 50) {
    const batch = Array.from({ length: Math.min(50, count - n) }, () => openStream(port, options));
    for (const one of await Promise.allSettled(batch)) {
      if (one.status === 'fulfilled') streams.push(one.value);
    }
  }
  onTestFinished(() => streams.forEach((stream) => stream.close()));
  return streams;
}

const served = (streams: readonly OpenStream[]) =>
  streams.filter((stream) => stream.status === 200 && !stream.ended());

test('one client with all its streams leaves streams for others', async () => {
  const { port } = await startTarget();
  const hog = await openMany(port, 400, { from: '127.0.0.2' });
  const [other] = await openMany(port, 1, { from: '127.0.0.3' });
  expect(other?.status).toBe(200);
  await expect.poll(() => other?.events.includes('view')).toBe(true);
  // A household behind one address has several tabs.
  expect(served(hog).length).toBeGreaterThanOrEqual(6);
  expect(served(hog).length).toBeLessThan(150);
});

test('five clients with all their streams leave streams for a sixth', async () => {
  const { port } = await startTarget();
  for (const n of [11, 12, 13, 14, 15]) await openMany(port, 100, { from: `127.0.0.${n}` });
  const [other] = await openMany(port, 1, { from: '127.0.0.3' });
  expect(other?.status).toBe(200);
});

test('a refused stream names the reason and when to try again', async () => {
  const { port } = await startTarget();
  const streams = await openMany(port, 400, { from: '127.0.0.2' });
  const refused = streams.find(({ status }) => status !== 200);
  expect([429, 503]).toContain(refused?.status);
  expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
  await expect.poll(() => refused?.ended()).toBe(true);
  const problem = problemSchema.parse(JSON.parse(refused?.text() ?? ''));
  expect(problem.detail).toMatch(/stream|page|tab/i);
  expect(problem.kind).not.toBe('engine-error');
});

test('a closed stream frees a place for the same client', async () => {
  const { port } = await startTarget();
  const hog = await openMany(port, 400, { from: '127.0.0.2' });
  for (const stream of hog) stream.close();
  await expect
    .poll(async () => {
      const [again] = await openMany(port, 1, { from: '127.0.0.2' });
      return again?.status;
    })
    .toBe(200);
});

test('ignores X-Forwarded-For unless the client is a trusted proxy', async () => {
  // With a password: in open mode every forwarded request is refused.
  const { port } = await startTarget({ env: { DASHBOARD_PASSWORD: 'right' } });
  const streams: OpenStream[] = [];
  for (let n = 0; n < 200; n++) {
    const headers = { 'X-Forwarded-For': `10.1.1.${n}`, Forwarded: `for=10.1.1.${n}` };
    streams.push(...(await openMany(port, 1, { from: '127.0.0.2', headers })));
  }
  expect(served(streams).length).toBeLessThan(150);
});

test('counts each X-Forwarded-For of a trusted proxy as a client', async () => {
  const { port } = await startTarget({
    env: { DASHBOARD_PASSWORD: 'right', TRUSTED_PROXY: '127.0.0.2' },
  });
  const by = (address: string) => ({
    from: '127.0.0.2',
    headers: { 'X-Forwarded-For': address },
  });
  const hog = await openMany(port, 200, by('10.0.0.1'));
  expect(served(hog).length).toBeLessThan(150);
  const [other] = await openMany(port, 1, by('10.0.0.2'));
  expect(other?.status).toBe(200);
  // The client's own value precedes the one that the proxy adds.
  const forged = await openMany(port, 20, by('10.9.9.9, 10.0.0.1'));
  expect(served(forged)).toEqual([]);
});

test('the page shows why it has no stream, and is live once there is a free one', async () => {
  const { port, url } = await startTarget();
  const hog = await openMany(port, 400);
  const browser = await chromium.launch({ executablePath: CHROMIUM });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.goto(url);
  const banner = page.locator('body');
  await expect
    .poll(() => banner.innerText(), { timeout: 60_000 })
    .toMatch(/too many (pages|tabs|streams|connections)/i);
  expect(await banner.innerText()).not.toMatch(/server does not answer/i);
  for (const stream of hog) stream.close();
  await expect
    .poll(() => page.getByRole('banner').innerText(), { timeout: 60_000 })
    .toMatch(/\blive\b/i);
}, 300_000);
