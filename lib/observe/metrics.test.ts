import { beforeEach, expect, test } from 'vitest';
import { aNode, aService, aView } from '@/tests/factories/view';
import type { SwarmView } from '../swarm/view';
import { countRequest, resetCounters } from './counters';
import { createMetrics, wantsOpenMetrics, type ViewSource } from './metrics';

beforeEach(resetCounters);

const OPEN = 'application/openmetrics-text';

const sourceOf = (view: SwarmView | null): ViewSource => ({
  view: () => view,
  ageMs: () => (view ? 1500 : null),
  engineAnswers: () => view !== null,
  streams: () => 2,
  running: () => false,
});

async function scraped(view: SwarmView | null): Promise<string[]> {
  const { text } = await createMetrics(sourceOf(view), '1.0.0')('');
  return text.split('\n');
}
const samplesOf = (lines: string[], name: string) =>
  lines.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));

test('nodes are counted by state and availability, zeros included', async () => {
  const nodes = [
    aNode({ name: 'a' }),
    aNode({ name: 'b' }),
    aNode({ name: 'c', state: 'down', availability: 'drain' }),
  ];
  const samples = samplesOf(await scraped(aView({ nodes })), 'clusterhat_nodes');
  expect(samples).toHaveLength(12);
  expect(samples).toContain('clusterhat_nodes{state="ready",availability="active"} 2');
  expect(samples).toContain('clusterhat_nodes{state="down",availability="drain"} 1');
  expect(samples).toContain('clusterhat_nodes{state="down",availability="active"} 0');
});

test('has no swarm metrics before the first view', async () => {
  const lines = await scraped(null);
  for (const name of ['nodes', 'services', 'picture_age_seconds', 'service_replicas_running']) {
    expect(samplesOf(lines, `clusterhat_${name}`)).toEqual([]);
  }
  expect(samplesOf(lines, 'clusterhat_engine_up')).toEqual(['clusterhat_engine_up 0']);
});

test('escapes any name from an engine', async () => {
  const name = 'a"b\\c\nd} 1\nevil_metric 1\u2028ü\u{1F600}';
  const services = [aService({ name, wanted: 3, running: 2 })];
  const lines = await scraped(aView({ services }));
  expect(samplesOf(lines, 'clusterhat_service_replicas_desired')).toEqual([
    'clusterhat_service_replicas_desired{service="a\\"b\\\\c\\nd} 1\\nevil_metric 1\u2028ü\u{1F600}"} 3',
  ]);
  expect(lines.filter((line) => line.startsWith('evil'))).toEqual([]);
});

test('two services with one name make one series, and a thousand make 200', async () => {
  const same = [aService({ wanted: 3 }), aService({ wanted: 4 })];
  expect(
    samplesOf(await scraped(aView({ services: same })), 'clusterhat_service_replicas_desired'),
  ).toEqual(['clusterhat_service_replicas_desired{service="goweb"} 7']);
  const services = Array.from({ length: 1000 }, (_, n) => aService({ name: `s${n}` }));
  const lines = await scraped(aView({ services }));
  expect(samplesOf(lines, 'clusterhat_service_replicas_running')).toHaveLength(200);
  expect(samplesOf(lines, 'clusterhat_services')).toEqual(['clusterhat_services 1000']);
});

test('latencies are a histogram whose buckets add up', async () => {
  const by = { slot: '1', node: 'zero1' };
  for (const seconds of [0.0004, 0.03, 0.03, 60]) {
    countRequest({ service: 'goweb', outcome: 'answered', seconds, by });
  }
  const name = 'clusterhat_answer_duration_seconds';
  const lines = await scraped(aView());
  expect(samplesOf(lines, `${name}_bucket`)).toEqual(
    expect.arrayContaining([
      `${name}_bucket{service="goweb",le="0.001"} 1`,
      `${name}_bucket{service="goweb",le="0.05"} 3`,
      `${name}_bucket{service="goweb",le="10.0"} 3`,
      `${name}_bucket{service="goweb",le="+Inf"} 4`,
    ]),
  );
  expect(samplesOf(lines, `${name}_count`)).toEqual([`${name}_count{service="goweb"} 4`]);
});

test('labels slots and not tasks, so that a series survives a replaced task', async () => {
  const by = { slot: '1', node: 'zero1' };
  for (let n = 0; n < 100; n++) {
    countRequest({ service: 'goweb', outcome: 'answered', seconds: 0.01, by });
  }
  expect(samplesOf(await scraped(aView()), 'clusterhat_answers_total')).toEqual([
    'clusterhat_answers_total{service="goweb",slot="1",node="zero1"} 100',
  ]);
});

test('both formats have the same series, scrape after scrape', async () => {
  const metrics = createMetrics(sourceOf(aView()), '1.0.0');
  const names = async (accept: string) =>
    (await metrics(accept)).text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.slice(0, line.lastIndexOf(' ')));
  const plain = await names('text/plain');
  expect(await names(OPEN)).toEqual(plain);
  expect(await names(OPEN)).toEqual(plain);
  expect(await names('text/plain')).toEqual(plain);
});

test.each([
  ['', false],
  ['*/*', false],
  ['text/plain', false],
  [OPEN, true],
  [`${OPEN};version=1.0.0`, true],
  [`${OPEN};version=0.0.1`, false],
  [`${OPEN}; version=1.0.0; q=0.5, text/plain;q=0.9`, false],
  [`${OPEN};version=1.0.0;q=0`, false],
  [
    `${OPEN};version=1.0.0,${OPEN};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
    true,
  ],
])('Accept: %s prefers OpenMetrics: %s', (accept, open) => {
  expect(wantsOpenMetrics(accept)).toBe(open);
});

test('an unknown number of replicas has no sample', async () => {
  const services = [aService({ replicas: null, wanted: 2, running: 2 })];
  const lines = await scraped(aView({ services }));
  expect(samplesOf(lines, 'clusterhat_service_replicas_desired')).toEqual([]);
  expect(samplesOf(lines, 'clusterhat_service_replicas_running')).toEqual([
    'clusterhat_service_replicas_running{service="goweb"} 2',
  ]);
});

test('lists that a proxy refuses have no samples instead of zeros', async () => {
  const services = [
    aService({ running: null }),
    aService({ name: '0123456789ab', listed: false, running: 3, wanted: 3 }),
  ];
  const reads: SwarmView['refused']['reads'] = ['SERVICES', 'NODES'];
  const view = aView({ services, refused: { reads, changes: {} } });
  const lines = await scraped(view);
  expect(samplesOf(lines, 'clusterhat_nodes')).toEqual([]);
  expect(samplesOf(lines, 'clusterhat_services')).toEqual([]);
  expect(samplesOf(lines, 'clusterhat_service_replicas_running')).toEqual([]);
  expect(samplesOf(lines, 'clusterhat_service_replicas_desired')).toEqual([
    'clusterhat_service_replicas_desired{service="goweb"} 3',
  ]);
});
