import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changesBetween } from '@/lib/swarm/changes';
import type { SwarmView } from '@/lib/swarm/view';
import { both, editEach, editList, ODD_CASES, type OddCase } from '@/tests/support/odd-cases';
import type { Oddity } from '@/tests/support/odd-engine';
import { oddSwarm, type OddSwarm } from './odd-swarm';

/** One odd entity: the others are shown, and one sentence names what is odd. */

let swarm: OddSwarm;
let healthy: SwarmView;
beforeAll(async () => {
  swarm = await oddSwarm();
  healthy = await swarm.view(null);
});
afterAll(() => swarm.close());

const ODD = 'oddoddoddoddoddoddoddodd1';
const texts = (view: SwarmView) => view.notices.map(({ text }) => text);
const without = <T extends { id: string }>(list: readonly T[], id: string) =>
  list.filter((one) => one.id !== id);

interface Right {
  kind: 'nodes' | 'services' | 'tasks';
  id: string;
  /** What is shown of it. */
  shown: object;
  notice: string;
}

const RIGHT: Partial<Record<OddCase, Right>> = {
  oddService: {
    kind: 'services',
    id: ODD,
    shown: { name: 'odd', mode: 'replicated', replicas: null },
    notice: 'Service odd is shown without `Spec.Mode.Replicated.Replicas` (null).',
  },
  oddPort: {
    kind: 'services',
    id: ODD,
    shown: { name: 'odd', replicas: 3, ports: [] },
    notice: 'Service odd is shown without `Endpoint.Ports.TargetPort` (missing).',
  },
  oddNode: {
    kind: 'nodes',
    id: 'oddnodeoddnodeoddnodeodd1',
    shown: { name: 'oddnodeoddno', state: 'ready', availability: 'active', arch: '' },
    notice:
      'Node oddnodeoddno is shown without `Version.Index` (missing) and `Spec.Labels.a` (null).',
  },
  oddTask: {
    kind: 'tasks',
    id: 'oddtaskoddtaskoddtaskodd1',
    shown: { name: 'goweb.7', state: 'unknown', image: '' },
    notice: 'Task goweb.7 is shown without `Spec` (missing).',
  },
};

test.each(Object.entries(RIGHT))('%s', async (name, { kind, id, shown, notice }) => {
  const view = await swarm.view(ODD_CASES[name as OddCase]);
  expect(view[kind].find((one) => one.id === id)).toMatchObject(shown);
  expect(texts(view)).toEqual([notice]);
  expect(view.nodes.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']),
  );
  const ids = (of: SwarmView) => without(of[kind] as { id: string }[], id).map((one) => one.id);
  expect(ids(view)).toEqual(ids(healthy));
});

test.each([
  [
    'tasks',
    'Task',
    ({ Status, ...task }: Record<string, unknown>, x: string) => ({
      ...task,
      Status: { ...Object(Status), Err: x },
    }),
  ],
  [
    'services',
    'Service',
    (service: Record<string, unknown>, x: string) => ({ ...service, Endpoint: x }),
  ],
] as const)(
  'an entry of %s of more than 1 MB is left out, and the others are shown',
  async (kind, name, edit) => {
    const view = await swarm.view(
      editList(`/${kind}`, (list) => [
        edit({ ...list[0], ID: ODD }, 'x'.repeat(1_000_000)),
        ...list,
      ]),
    );
    expect(texts(view)).toEqual([
      `${name} oddoddoddodd is left out because of its size (more than 1 MB).`,
    ]);
    expect(view[kind].map(({ id }) => id)).toEqual(healthy[kind].map(({ id }) => id));
    expect(view.tasks.every(({ upToDate }) => upToDate)).toBe(true);
  },
);

test('null counts as an empty list', async () => {
  const empty: Oddity = ({ path }) => (path === '/services' ? { body: null } : undefined);
  const view = await swarm.view(empty);
  expect(view.services).toEqual([]);
  expect(view.notices).toEqual([]);
});

test.each(['nodes', 'services', 'tasks'] as const)(
  'an object instead of the list of %s leaves the others',
  async (list) => {
    const view = await swarm.view(({ path }) =>
      path === `/${list}` ? { body: { message: 'no' } } : undefined,
    );
    const text = expect.stringMatching(
      new RegExp(`^The engine's list of ${list} cannot be read: .+ unknown\\.$`),
    );
    expect(texts(view)).toEqual([text]);
    for (const other of (['nodes', 'services', 'tasks'] as const).filter((kind) => kind !== list)) {
      const ids = (of: SwarmView) => of[other].map(({ id }) => id);
      expect(ids(view)).toEqual(ids(healthy));
    }
  },
);

test('an object instead of every list is an error of the engine', async () => {
  const error = await swarm.failure(({ path }) =>
    /^\/(nodes|services|tasks)$/.test(path) ? { body: {} } : undefined,
  );
  expect(error).toMatchObject({
    kind: 'engine-error',
    message: "The engine's answer does not make sense at its beginning.",
  });
});

test('ignores an unreadable answer about up-to-date tasks', async () => {
  let asked = 0;
  const reader = await swarm.reader(({ path, json }) => {
    if (path !== '/tasks' || ++asked !== 2) return undefined;
    return { body: [...(json as object[]), { ID: 5 }] };
  });
  const view = await reader.read();
  expect(asked).toBe(2);
  expect(view.tasks.every(({ upToDate }) => upToDate)).toBe(true);
});

describe('over time', () => {
  /** Names of the changes between two views, without those of convergence. */
  const changes = (before: SwarmView, after: SwarmView) =>
    changesBetween(before, after).map(({ text }) => text);

  const ONCE: Record<string, Oddity> = {
    'a node without an id': editEach('/nodes', ({ ID, ...node }, at) => ({
      ...node,
      ID: at === 1 ? null : ID,
    })),
    'a node without anything': editEach('/nodes', (node, at) =>
      at === 1 ? { ID: node['ID'] } : node,
    ),
    'tasks without an id': editEach('/tasks', ({ ID: _id, ...task }) => task),
    'tasks on a number': editEach('/tasks', (task) => ({ ...task, NodeID: 5 })),
    'tasks without a status': editEach('/tasks', ({ Status: _status, ...task }) => task),
    'a service without replicas and version': editEach('/services', (service) => ({
      ...service,
      Version: {},
      Spec: { ...service.Spec, Mode: { Replicated: {} } },
    })),
    'entries that are null': both(
      editList('/nodes', (nodes) => nodes.map(() => null)),
      editList('/tasks', (tasks) => tasks.map(() => null)),
    ),
  };

  test.each(Object.entries(ONCE))('%s for one read changes nothing', async (_, oddity) => {
    const reader = await swarm.reader(null);
    const before = await reader.read();
    reader.odd.become(oddity);
    const odd = await reader.read();
    reader.odd.become(null);
    const after = await reader.read();
    expect(changes(before, odd)).toEqual([]);
    expect(changes(odd, after)).toEqual([]);
    expect(texts(odd)).toEqual([]);
    const ids = ({ nodes, services, tasks }: SwarmView) =>
      [...nodes, ...services, ...tasks].map(({ id }) => id);
    expect(ids(odd)).toEqual(ids(before));
    expect(ids(after)).toEqual(ids(before));
  });

  test('a task that stays odd does not end', async () => {
    const reader = await swarm.reader(null);
    const before = await reader.read();
    reader.odd.become(ONCE['tasks on a number']!);
    await reader.read();
    const odd = await reader.read();
    expect(changes(before, odd)).toEqual([]);
    expect(texts(odd)).toEqual([
      expect.stringMatching(
        /^Tasks goweb\.\d, .* are shown as last read because of their `NodeID` \(5\)\.$/,
      ),
    ]);
  });
});

describe('a change', () => {
  const posts: string[] = [];
  const watched =
    (oddity: Oddity): Oddity =>
    (answer) => {
      if (answer.method === 'POST') posts.push(answer.path);
      return oddity(answer);
    };
  const inspected = (part: string, value: unknown) =>
    watched(({ method, path, json }) => {
      if (method !== 'GET' || !/^\/(services|nodes)\/\w+$/.test(path)) return undefined;
      const body = structuredClone(json) as Record<string, Record<string, unknown>>;
      const [first = '', second] = part.split('.');
      if (second === undefined) body[first] = value as never;
      else body[first] = { ...body[first], [second]: value };
      return { body };
    });

  test.each<[part: string, value: unknown, named: string]>([
    ['Version', {}, 'Version.Index'],
    ['Spec.Mode', { Replicated: { Replicas: null } }, 'Spec.Mode.Replicated.Replicas'],
    ['Spec.Mode', { Replicated: {} }, 'Spec.Mode.Replicated.Replicas'],
    ['Spec.Name', 5, 'Spec.Name'],
    ['Spec', null, 'Spec'],
  ])('of a service with %s %j is refused, and nothing is written', async (part, value, named) => {
    posts.length = 0;
    const { engine } = await swarm.reader(inspected(part, value));
    await expect(engine.scale('goweb', 2)).rejects.toMatchObject({
      kind: 'engine-error',
      message: expect.stringContaining(
        `Nothing was changed: the engine describes this service with \`${named}\``,
      ),
    });
    expect(posts).toEqual([]);
  });

  test.each<[part: string, value: unknown]>([
    ['Spec.Availability', 'closed'],
    ['Spec.Labels', { a: null }],
    ['Version', { Index: '5' }],
  ])('of a node with %s %j is refused, and nothing is written', async (part, value) => {
    posts.length = 0;
    const { engine } = await swarm.reader(inspected(part, value));
    await expect(engine.setAvailability('zero1', 'drain')).rejects.toMatchObject({
      kind: 'engine-error',
      message: expect.stringContaining('Nothing was changed'),
    });
    expect(posts).toEqual([]);
  });
});
