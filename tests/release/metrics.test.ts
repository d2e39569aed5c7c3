import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aService, aView } from '../factories/view';
import { startDashboard, type DashboardProcess } from '../e2e/support/dashboard';
import { startDemo, type DemoSwarm } from '../e2e/support/demo';
import { createMetrics } from '@/lib/observe/metrics';
import { queriesOf, readDashboard } from './grafana';
import { promtool, scrapeConfig, startPrometheus } from './prometheus';
import { temporaryFolder } from './release';

/** `/metrics` as Debian's promtool and a real Prometheus read it, on the built server and the demo swarm. */

const PASSWORD = 'a password of the tests';
const READ_TOKEN = '0123456789abcdef0123456789abcdef';
const OPEN_METRICS =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

let demo: DemoSwarm;
let dashboard: DashboardProcess;

beforeAll(async () => {
  demo = await startDemo({ speed: 10 });
  dashboard = await startDashboard({
    dockerHost: demo.dockerHost,
    env: {
      DASHBOARD_PASSWORD: PASSWORD,
      DASHBOARD_READ: 'signed-in',
      DASHBOARD_READ_TOKEN: READ_TOKEN,
    },
  });
});
afterAll(async () => {
  await dashboard?.stop();
  await demo?.stop();
});

const scrape = (accept = 'text/plain', token = READ_TOKEN) =>
  fetch(`${dashboard.url}/metrics`, { headers: { accept, authorization: `Bearer ${token}` } });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${dashboard.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const asOperator = {
  authorization: `Basic ${Buffer.from(`:${PASSWORD}`).toString('base64')}`,
};

/** A little of everything that is counted: requests, a task that fails, an engine that does not answer. */
async function makeTraffic(): Promise<void> {
  await post('/api/session', { password: 'wrong' });
  await post('/api/session', { password: PASSWORD });
  await post('/api/services/goweb/scale', { replicas: 4 });
  const run = { service: 'goweb', publishedPort: 8888, mode: 'burst', burst: 50 };
  expect((await post('/api/runs', run, asOperator)).status).toBe(201);
  await demo.control('/task', { kill: 'goweb.2', exitCode: 137 });
}

describe('GET /metrics', () => {
  test('requires a token if reading requires signing in', async () => {
    expect((await scrape('text/plain', 'x'.repeat(32))).status).toBe(401);
    expect((await scrape()).status).toBe(200);
  });

  test('passes promtool’s rules on syntax and names', async () => {
    await makeTraffic();
    const answer = await scrape();
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await answer.text();
    expect(promtool(['check', 'metrics'], text)).toEqual({ ok: true, output: '' });
    expect(text).toContain('clusterhat_nodes{state="ready",availability="active"} 5');
    expect(text).toContain('clusterhat_service_replicas_desired{service="goweb"} 3');
    // The check can fail.
    expect(promtool(['check', 'metrics'], `${text}# TYPE bad counter\nbad 1\n`).ok).toBe(false);
  });

  test('passes them with any name of a service', async () => {
    const names = ['a"b\\c\nd', '} 1', 'x'.repeat(100_000), '\u2028\r\u0000', 'ü😀', ''];
    const view = aView({ services: names.map((name) => aService({ name })) });
    const source = {
      view: () => view,
      ageMs: () => 0,
      engineAnswers: () => true,
      streams: () => 0,
      running: () => false,
    };
    const { text } = await createMetrics(source, '1.0.0')('');
    expect(promtool(['check', 'metrics'], text)).toEqual({ ok: true, output: '' });
  });

  test('is OpenMetrics if the request prefers it', async () => {
    const answer = await scrape(OPEN_METRICS);
    expect(answer.headers.get('content-type')).toMatch(/^application\/openmetrics-text; version=1/);
    expect(await answer.text()).toMatch(/\n# EOF\n$/);
  });
});

describe('in deploy/', () => {
  test('prometheus.yml passes promtool, its token file included', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'prometheus.yml');
    const token = join(folder, 'token');
    writeFileSync(file, scrapeConfig('ctrl:3000', token));
    expect(promtool(['check', 'config', file]).ok).toBe(false);
    writeFileSync(token, READ_TOKEN);
    expect(promtool(['check', 'config', file])).toMatchObject({ ok: true });
  });

  test('each query of grafana-dashboard.json has series in a Prometheus that scraped the dashboard', async () => {
    const folder = temporaryFolder();
    const token = join(folder, 'token');
    writeFileSync(token, `${READ_TOKEN}\n`);
    const { host } = new URL(dashboard.url);
    const prometheus = await startPrometheus(folder, scrapeConfig(host, token));
    try {
      // Rates need a scrape from before.
      await expect.poll(() => prometheus.target(), { timeout: 60_000 }).toBe('up');
      await makeTraffic();
      await demo.control('/engine', { running: false });
      await expect
        .poll(() => prometheus.series('clusterhat_engine_up == 0'), { timeout: 60_000 })
        .toBe(1);
      await demo.control('/engine', { running: true });
      await expect
        .poll(() => prometheus.series('clusterhat_engine_up == 1'), { timeout: 60_000 })
        .toBe(1);
      const queries = queriesOf(readDashboard());
      expect(queries.length).toBeGreaterThan(20);
      for (const [panel, query] of queries) {
        await expect
          .poll(() => prometheus.series(query), { timeout: 60_000, message: `${panel}: ${query}` })
          .toBeGreaterThan(0);
      }
    } finally {
      await prometheus.stop();
    }
  });
});
