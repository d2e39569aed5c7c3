import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { aNode, aService, aTask, aView } from '@/tests/factories/view';
import { inOrder, nodeRows, portsText, serviceRows, taskRows } from './cli';
import type { PortView } from './view';

const port = (published: number | null, target = published ?? 80, over: Partial<PortView> = {}) =>
  ({ published, target, protocol: 'tcp', mode: 'ingress', ...over }) satisfies PortView;

test('lists ingress ports by protocol and number, ranges merged', () => {
  expect(portsText([])).toBe('');
  expect(portsText([port(8888, 8080)])).toBe('*:8888->8080/tcp');
  expect(portsText([port(81), port(80)])).toBe('*:80-81->80-81/tcp');
  expect(portsText([port(80), port(81, 80), port(82, 80)])).toBe('*:80-82->80/tcp');
  expect(portsText([port(80), port(81), port(82, 81)])).toBe('*:80-81->80-81/tcp, *:82->81/tcp');
  expect(portsText([port(80), port(81, 79)])).toBe('*:80->80/tcp, *:81->79/tcp');
  expect(portsText([port(80), port(81, 8081)])).toBe('*:80->80/tcp, *:81->8081/tcp');
  expect(portsText([port(53, 53, { protocol: 'udp' }), port(53)])).toBe(
    '*:53->53/tcp, *:53->53/udp',
  );
  expect(portsText([port(80, 80, { mode: 'host' }), port(null, 90)])).toBe('');
});

test('lists past tasks below the newest of their slot, errors quoted and cut at 30 characters', () => {
  const now = Date.UTC(2026, 0, 1, 0, 14);
  const rows = taskRows(
    aView({
      tasks: [
        aTask({ slot: 3 }),
        aTask({
          slot: 3,
          id: 'p0q2hk1sm3xaxxxxxxxxxxxxx',
          createdAt: -1,
          state: 'failed',
          desired: 'shutdown',
          error: 'task: non-zero exit (137): dockerexec: unhealthy',
        }),
        aTask({ slot: 4, nodeId: null, state: 'pending' }),
        aTask({ slot: 5, nodeId: 'gone' }),
      ],
    }),
    now,
  );
  expect(rows.map((row) => row.name)).toEqual(['goweb.3', ' \\_ goweb.3', 'goweb.4', 'goweb.5']);
  expect(rows[1]).toMatchObject({
    id: 'p0q2hk1sm3xa',
    node: 'zero1',
    desired: 'Shutdown',
    current: 'Failed 14 minutes ago',
    error: '"task: non-zero exit (137): do…"',
  });
  expect(rows.slice(2).map((row) => row.node)).toEqual(['', 'gone']);
});

test('a page of tasks has the rows that it has in the whole table, for services of any mode', () => {
  // As a view has them: by slot, or by name, each newest first. The first slot of a job has its node's id in its name.
  const node = fc.constantFrom('a1', '9z', '10b', 'zz');
  const slots: fc.Arbitrary<(number | string)[]> = fc.oneof(
    fc
      .integer({ min: 1, max: 12 })
      .map((count) => Array.from({ length: count }, (_, at) => at + 1)),
    fc.integer({ min: 1, max: 12 }).map((count) => Array.from({ length: count }, (_, at) => at)),
    fc.array(node, { maxLength: 4 }).map((names) => names.toSorted()),
  );
  const service = fc.record({ slots, tries: fc.integer({ min: 1, max: 3 }), nodeId: node });
  fc.assert(
    fc.property(fc.array(service, { maxLength: 4 }), fc.nat(40), (services, cut) => {
      const tasks = services.flatMap(({ slots: own, tries, nodeId }, at) =>
        own.flatMap((slot) =>
          Array.from({ length: tries }, (_, attempt) => {
            const place = typeof slot === 'string' ? slot : slot || nodeId;
            return aTask({
              id: `${at} ${slot} ${attempt}`,
              serviceId: `s${at}`,
              name: `s${at}.${place}`,
              slot: typeof slot === 'string' ? null : slot,
            });
          }),
        ),
      );
      const rows = (list: typeof tasks) =>
        taskRows(aView({ tasks: list }), 0).map(({ task, name }) => [task.id, name]);
      const sorted = inOrder(tasks);
      const whole = rows(sorted);
      const page = sorted.slice(Math.max(0, cut - 1));
      expect(rows(page).slice(cut > 0 ? 1 : 0)).toEqual(whole.slice(cut));
    }),
  );
});

test('distinguishes nodes of one hostname', () => {
  const nodes = ['1', '2'].map((id) =>
    aNode({ id, name: `raspberrypi (10.0.0.${id})`, hostname: 'raspberrypi' }),
  );
  const tasks = nodes.map(({ id }) => aTask({ slot: Number(id), nodeId: id }));
  expect(taskRows(aView({ nodes, tasks }), 0).map(({ node }) => node)).toEqual([
    'raspberrypi (10.0.0.1)',
    'raspberrypi (10.0.0.2)',
  ]);
});

test("lists nodes in natural order of hostnames, not in the HAT's order", () => {
  const rows = nodeRows({
    nodes: [
      aNode({ name: 'zero10' }),
      aNode({ name: 'zero2' }),
      aNode({ name: 'ctrl', leader: true, reachability: 'reachable', here: true }),
      aNode({ name: 'm2', reachability: 'unreachable', state: 'down', availability: 'drain' }),
    ],
  });
  expect(rows.map((row) => row.hostname)).toEqual(['ctrl', 'm2', 'zero2', 'zero10']);
  expect(rows.map((row) => row.managerStatus)).toEqual(['Leader', 'Unreachable', '', '']);
  expect(rows[1]).toMatchObject({ status: 'Down', availability: 'Drain' });
});

test("lists services by name with docker's words for modes", () => {
  const rows = serviceRows({
    services: [aService(), aService({ name: 'a', mode: 'replicated-job', running: 0, wanted: 1 })],
  });
  expect(rows.map(({ name, mode, replicas }) => [name, mode, replicas])).toEqual([
    ['a', 'replicated job', '0/1'],
    ['goweb', 'replicated', '3/3'],
  ]);
});
