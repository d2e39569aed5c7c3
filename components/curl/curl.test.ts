import { describe, expect, test } from 'vitest';
import { type Answer, DURATIONS, RATES, ROTATE } from '@/lib/curl/run';
import { pathSchema } from '@/lib/curl/run-schemas';
import type { NodeView, ServiceView } from '@/lib/swarm/view';
import { aRun } from '@/tests/factories/curl';
import { aNode, aService } from '@/tests/factories/view';
import { dotsRange, latencyPlace, markPaths, slotShape, stripRange, TICKS } from './charts/plot';
import {
  addressesOf,
  capWords,
  chooseEntry,
  chooseTarget,
  DEFAULT_SETTINGS,
  dialable,
  entryNodes,
  parseRunSettings,
  pathComplaint,
  FAIR_RATES,
  FAST_RATES,
  notThere,
  type RunSettings,
  unusualWords,
  runRequest,
} from './controls/run-settings';
import { msText, percent, skippedWords } from './words';

const node = (name: string, over: Partial<NodeView> = {}) => aNode({ name, ...over });
const service = (name: string, curl: boolean, ports: ServiceView['ports']) =>
  aService({ name, curl, ports });
const tcp = (published: number | null): ServiceView['ports'][number] => ({
  published,
  target: 8080,
  protocol: 'tcp',
  mode: 'ingress',
});

describe('the remembered controls', () => {
  test('what was remembered comes back', () => {
    const settings: RunSettings = {
      target: 'goweb:8888',
      entryNode: ROTATE,
      path: '/x',
      method: 'HEAD',
      mode: 'burst',
      rate: 50,
      seconds: 60,
      burst: 500,
      inFlight: 16,
      timeout: 5,
      connection: 'keepAlive',
      keepGoing: true,
    };
    expect(parseRunSettings(JSON.stringify(settings))).toEqual(settings);
    for (const rate of RATES) {
      for (const seconds of DURATIONS) {
        expect(parseRunSettings(JSON.stringify({ rate, seconds }))).toMatchObject({
          rate,
          seconds,
        });
      }
    }
  });

  test.each(['', 'null', '[]', '7', '"x"', '{', '{"rate":1e9,"seconds":-1,"path":7,"target":{}}'])(
    'garbage %s is the default',
    (text) => expect(parseRunSettings(text)).toEqual(DEFAULT_SETTINGS),
  );

  test('each field falls back alone', () => {
    expect(
      parseRunSettings('{"rate":"once","seconds":60,"entryNode":["x"],"mode":"fast"}'),
    ).toEqual({
      ...DEFAULT_SETTINGS,
      seconds: 60,
    });
  });

  test('on offer is what the run knows', () => {
    expect([...FAIR_RATES, ...FAST_RATES]).toEqual(RATES);
    expect(FAIR_RATES.at(-1)).toBe(20);
  });

  test('what is hidden and not as usual is told', () => {
    expect(unusualWords(DEFAULT_SETTINGS)).toBe('');
    expect(unusualWords({ ...DEFAULT_SETTINGS, method: 'HEAD', timeout: 5 })).toBe(
      'HEAD, timeout 5 s',
    );
  });
});

describe('where to', () => {
  test('only published tcp ports of services that allow it', () => {
    const udp = { ...tcp(53), protocol: 'udp' };
    const targets = dialable([
      service('goweb', true, [tcp(8888), tcp(null), udp, tcp(9999)]),
      service('admin', false, [tcp(9000)]),
    ]);
    expect(targets.map(({ key }) => key)).toEqual(['goweb:8888', 'goweb:9999']);
    expect(chooseTarget(targets, 'goweb:9999')?.port).toBe(9999);
    expect(chooseTarget(targets, 'gone:1')?.port).toBe(8888);
    expect(chooseTarget([], 'goweb:8888')).toBeNull();
  });

  test('ready nodes with an address; the manager we talk to unless another is remembered', () => {
    const nodes = entryNodes([
      node('ctrl', { here: true }),
      node('zero1'),
      node('zero2', { state: 'down' }),
      node('zero3', { address: null }),
      node('zero4', { availability: 'drain' }),
    ]);
    expect(nodes.map(({ name }) => name)).toEqual(['ctrl', 'zero1', 'zero4']);
    expect(chooseEntry(nodes, null)?.name).toBe('ctrl');
    expect(chooseEntry(nodes, 'zero4')?.name).toBe('zero4');
    expect(chooseEntry(nodes, 'zero2')?.name).toBe('ctrl');
    expect(chooseEntry([node('zero1')], null)?.name).toBe('zero1');
    expect(chooseEntry([], null)).toBeNull();
  });

  test('only what its mode knows is sent', () => {
    const [target] = dialable([service('goweb', true, [tcp(8888)])]);
    const ask = (change: Partial<RunSettings>) =>
      runRequest({ ...DEFAULT_SETTINGS, ...change }, target!, node('ctrl'));
    const always = {
      service: 'id-goweb',
      publishedPort: 8888,
      entryNode: 'id-ctrl',
      path: '/Hello!',
      method: 'GET',
      inFlight: 4,
      timeout: 2,
      connection: 'new',
      keepGoing: false,
    };
    expect(ask({ mode: 'once' })).toEqual({ ...always, mode: 'once' });
    expect(ask({ mode: 'burst' })).toEqual({ ...always, mode: 'burst', burst: 100 });
    expect(ask({ rate: 20 })).toEqual({ ...always, mode: 'steady', rate: 20, seconds: 30 });
    expect(ask({ entryNode: ROTATE }).entryNode).toBe(ROTATE);
  });

  test('what is named and not there is told, with what is used instead', () => {
    const targets = dialable([service('goweb', true, [tcp(8888)])]);
    const nodes = [node('ctrl', { here: true }), node('zero1')];
    expect(notThere({ target: null, entryNode: null }, targets, nodes)).toEqual([]);
    expect(notThere({ target: 'goweb:8888', entryNode: ROTATE }, targets, nodes)).toEqual([]);
    expect(notThere({ target: 'shop:80', entryNode: 'zero9' }, targets, nodes)).toEqual([
      'shop:80 is not a port that can be asked now: it is goweb:8888 instead.',
      'zero9 is not a node to enter at now: it is ctrl instead.',
    ]);
  });
});

describe('the path', () => {
  const samples = ['', '/', '/Hello!', 'Hello', '//evil', '/a b', '/a//b', '/../x', '/?q=1&r=2'];
  const odd = [
    '/é',
    '/a\nb',
    '/#top',
    `/${'x'.repeat(199)}`,
    `/${'x'.repeat(200)}`,
    '/@evil',
    '/%20',
  ];
  test.each([...samples, ...odd])(
    '%j is refused here exactly when the server refuses it',
    (path) => {
      expect(pathComplaint(path) === null).toBe(pathSchema.safeParse(path).success);
    },
  );

  test('in words', () => {
    expect(pathComplaint('Hello')).toBe('A path starts with /.');
    expect(pathComplaint('/a b')).toContain('%20');
    expect(pathComplaint(`/${'x'.repeat(250)}`)).toContain('251');
  });
});

test('the addresses of a run are those at which it enters, whatever became of their nodes', () => {
  const [entry] = aRun().entries;
  const urls = ['http://172.19.181.1:8888/Hello!', 'http://[fd00::1]:8888/../x'];
  const entries = urls.map((url) => ({ ...entry!, url }));
  expect(addressesOf({ entries })).toEqual(['172.19.181.1', 'fd00::1']);
});

test('a run that the most requests end early says so', () => {
  const words = (over: Partial<RunSettings>) => capWords({ ...DEFAULT_SETTINGS, ...over });
  expect(words({ rate: 100, seconds: 300 })).toBe(
    'Ends after 60 s: a run has at most 6,000 requests.',
  );
  expect(words({ rate: 20, seconds: 300 })).toBe('');
  expect(words({ rate: 100, seconds: 300, mode: 'once' })).toBe('');
});

describe('the strip and the dots', () => {
  const upTo = (n: number) => [{ n }];
  test('stay where they are when a timeout comes in late', () => {
    expect(stripRange([{ n: 251 }, { n: 250 }], 1000)).toEqual(stripRange(upTo(251), 1000));
    expect(dotsRange([{ n: 701 }, { n: 700 }], 6000)).toEqual(dotsRange(upTo(701), 6000));
  });

  test('a short run has its place from the start', () => {
    expect(stripRange([], 150)).toEqual({ first: 1, count: 150 });
    expect(stripRange(upTo(150), 150)).toEqual({ first: 1, count: 150 });
    expect(stripRange([], 1)).toEqual({ first: 1, count: 1 });
  });

  test('a long run scrolls by whole rows and always holds the newest', () => {
    for (let last = 1; last <= 1000; last++) {
      const { first, count } = stripRange(upTo(last), 1000);
      expect((first - 1) % 50).toBe(0);
      expect(count).toBe(200);
      expect(last).toBeGreaterThanOrEqual(first);
      expect(last).toBeLessThan(first + count);
    }
    expect(stripRange(upTo(201), 1000).first).toBe(51);
  });

  test('at most 600 dots, the newest among them', () => {
    expect(dotsRange(upTo(10), 600)).toEqual({ first: 1, count: 600 });
    for (let last = 1; last <= 6000; last += 7) {
      const { first, count } = dotsRange(upTo(last), 6000);
      expect(count).toBeLessThanOrEqual(600);
      expect(last).toBeLessThan(first + count);
    }
    expect(dotsRange(upTo(601), 6000).first).toBe(101);
  });

  test('the axis is logarithmic, and ends where it says', () => {
    const [one, ten, hundred, thousand] = TICKS.map(latencyPlace);
    expect(one).toBe(1);
    expect(one! - ten!).toBeCloseTo(ten! - hundred!);
    expect(ten! - hundred!).toBeCloseTo(hundred! - thousand!);
    expect(latencyPlace(0)).toBe(1);
    expect(latencyPlace(60_000)).toBe(0);
  });

  test('one path per slot, and one for the errors', () => {
    const answer = (n: number, taskId: string | null, error: Answer['error'] = null): Answer => ({
      n,
      at: n,
      lag: 0,
      entryNodeId: 'n',
      taskId,
      container: null,
      status: 200,
      error,
      ms: 10,
      connectMs: 1,
      firstByteMs: 2,
    });
    const answers = [
      answer(1, 'a'),
      answer(2, 'b'),
      answer(3, 'a'),
      answer(4, null, 'refused'),
      answer(5, 'b', '5xx'),
      answer(6, null, 'unknown container'),
      answer(99, 'a'),
    ];
    const slots = new Map([
      ['a', 1],
      ['b', 2],
    ]);
    const slotOf = (id: string | null) => (id === null ? null : (slots.get(id) ?? null));
    const paths = markPaths(answers, slotOf, { first: 1, count: 10 }, 100, 100);
    const marks = paths.map(({ slot, error, d }) => [slot, error, d.match(/M/g)?.length]);
    expect(marks).toEqual([
      [1, false, 2],
      [2, false, 1],
      [null, true, 2],
      [null, false, 1],
    ]);
    expect(paths[0]?.d.startsWith('M5.0 ')).toBe(true);
  });

  test('neighbouring slots differ in shape', () => {
    for (let slot = 1; slot < 50; slot++) expect(slotShape(slot)).not.toBe(slotShape(slot + 1));
  });
});

test('numbers as people read them', () => {
  expect([null, 0.84, 7, 9.96, 12.4, 999, 1234].map(msText)).toEqual([
    '–',
    '0.8 ms',
    '7 ms',
    '10 ms',
    '12 ms',
    '1.0 s',
    '1.2 s',
  ]);
  expect([null, 0, 1 / 3, 1].map(percent)).toEqual(['–', '0%', '33%', '100%']);
});

test('skipped slots are explained by what took them', () => {
  const words = (skipped: number, stalled: number, inFlight = 4) =>
    skippedWords({ skipped, stalled, request: { ...aRun().request, inFlight } });
  const why = 'counted, never sent late, so that no latency looks better than it is.';
  expect(words(3, 0)).toBe(
    `3 slots of the schedule found all 4 places in flight taken: ${why} More in flight would send them.`,
  );
  expect(words(1, 1)).toBe(`1 slot of the schedule went by while the dashboard was busy: ${why}`);
  expect(words(3, 1, 16)).toBe(
    `2 slots of the schedule found all 16 places in flight taken, 1 went by while the dashboard was busy: ${why}`,
  );
});
