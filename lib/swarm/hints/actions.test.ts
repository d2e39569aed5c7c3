import { describe, expect, test } from 'vitest';
import {
  aCluster,
  aSwarmService,
  aSwarmTask,
  constrained,
  hatNodes,
  reserving,
} from '@/tests/factories/cluster';
import { patchServiceSchema } from '../spec/form';
import { patchNodeSchema } from '../spec/node-form';
import { hintWithActions, HINT_HELP } from './hints';
import { actionsOf, type HintAction } from './actions';
import { explainWaiting } from './placement-words';

const labels = (actions: readonly HintAction[] | undefined) => actions?.map(({ label }) => label);

/** Whether the API would take what the action changes. */
function isAccepted(action: HintAction): boolean {
  if (action.kind === 'change-service')
    return patchServiceSchema(99).safeParse(action.patch).success;
  if (action.kind === 'change-node') return patchNodeSchema.safeParse(action.patch).success;
  return true;
}

describe('a waiting task', () => {
  const zeros = { zero1: {}, zero2: {}, zero3: {}, zero4: {} };
  const all = (over: object) =>
    hatNodes(Object.fromEntries(['ctrl', ...Object.keys(zeros)].map((name) => [name, over])));
  test.each<
    [string, Parameters<typeof aSwarmService>[1], ReturnType<typeof hatNodes>, HintAction[]]
  >([
    [
      'for a label',
      constrained('node.labels.disk==ssd'),
      hatNodes(),
      [
        {
          kind: 'change-node',
          label: 'Add label disk=ssd to zero1',
          node: 'id-zero1',
          patch: { labels: { disk: 'ssd' } },
        },
      ],
    ],
    [
      'for a label that must not be there',
      constrained('node.labels.old!=1'),
      all({ Spec: { Labels: { old: '1' } } }),
      [
        {
          kind: 'change-node',
          label: 'Remove label old from zero1',
          node: 'id-zero1',
          patch: { labels: { old: null } },
        },
      ],
    ],
    [
      'for a hostname',
      constrained('node.hostname==pi'),
      hatNodes(),
      [
        {
          kind: 'change-service',
          label: 'Remove constraint node.hostname==pi',
          patch: { constraints: { remove: ['node.hostname==pi'] } },
        },
      ],
    ],
    [
      'for an architecture by its other name',
      constrained('node.platform.arch==arm'),
      hatNodes(),
      [
        {
          kind: 'change-service',
          label: 'Require node.platform.arch==armv6l instead',
          patch: {
            constraints: {
              remove: ['node.platform.arch==arm'],
              add: ['node.platform.arch==armv6l'],
            },
          },
        },
      ],
    ],
    [
      'for memory',
      reserving(1000),
      hatNodes(),
      [
        {
          kind: 'change-service',
          label: 'Reserve 926M of memory',
          patch: { reservations: { memory: '926M' } },
        },
      ],
    ],
    [
      'for an open node',
      {},
      all({ Spec: { Availability: 'drain' } }),
      [
        {
          kind: 'change-node',
          label: 'Activate zero1',
          node: 'id-zero1',
          patch: { availability: 'active' },
        },
      ],
    ],
    ['for a node that is up', {}, all({ Status: { State: 'down' } }), []],
    [
      'for another processor',
      { Placement: { Platforms: [{ Architecture: 'amd64', OS: 'linux' }] } },
      hatNodes(),
      [{ kind: 'edit-service', label: 'Change image', field: 'image' }],
    ],
  ])('%s', (_, spec, nodes, actions) => {
    const service = aSwarmService('goweb', spec);
    const hint = explainWaiting(aSwarmTask(service), aCluster(nodes, [service]));
    expect(hint?.actions).toEqual(actions);
    expect(actions.every(isAccepted)).toBe(true);
  });

  test('for a place below its maximum per node', () => {
    const service = aSwarmService('goweb', { Placement: { MaxReplicas: 1 } });
    const nodes = hatNodes();
    const tasks = nodes.map(({ ID }, at) =>
      aSwarmTask(service, { node: ID.slice(3), Slot: at + 1 }),
    );
    const hint = explainWaiting(
      aSwarmTask(service, { Slot: 9 }),
      aCluster(nodes, [service], tasks),
    );
    expect(hint?.actions).toEqual([
      { kind: 'change-service', label: 'Allow 2 tasks per node', patch: { maxPerNode: 2 } },
    ]);
  });

  test.each([
    [1, ['Stop the old task first']],
    [9, ['Change ports']],
  ])('for the host port that slot 1 has, in slot %i', (Slot, expected) => {
    const service = aSwarmService('goweb', {}, { hostPort: 80 });
    const [node] = hatNodes();
    if (!node) throw new Error('no node');
    const cluster = aCluster([node], [service], [aSwarmTask(service, { node: 'ctrl', Slot: 1 })]);
    expect(labels(explainWaiting(aSwarmTask(service, { Slot }), cluster)?.actions)).toEqual(
      expected,
    );
  });
});

describe('a task that broke', () => {
  const input = (
    error: string,
    exitCode: number | null = null,
    state: 'failed' | 'rejected' = 'failed',
  ) => ({
    state,
    error,
    exitCode,
    node: { name: 'zero1', arch: 'armv6l', os: 'linux' },
    platforms: { image: [], nodes: [] },
  });
  const actions = (...of: Parameters<typeof input>) =>
    labels(hintWithActions(input(...of), 'id-zero1', true).actions);

  test('can be looked into, and rolled back', () => {
    expect(actions('task: non-zero exit (1)', 1)).toEqual(['Show logs', 'Roll back']);
    expect(actions('No such image: a:1', null, 'rejected')).toEqual(['Change image', 'Roll back']);
    expect(actions('something new', 77)).toEqual(['Show logs', 'Roll back']);
    expect(actions('read-only file system', null, 'rejected')).toEqual([
      'Drain zero1',
      'Roll back',
    ]);
    expect(actions('port is already allocated', null, 'rejected')).toEqual([
      'Change ports',
      'Roll back',
    ]);
  });

  test.each([
    [1, ['Show logs']],
    [125, ['Show logs']],
    [126, ['Change command', 'Change image', 'Show logs']],
    [127, ['Change command', 'Change image', 'Show logs']],
    [132, ['Change image', 'Show logs']],
    [134, ['Show logs']],
    [137, ['Show logs', 'Change limits']],
    [139, ['Show logs']],
    [143, ['Show logs']],
  ])('with exit code %i', (code, expected) => {
    expect(actions(`task: non-zero exit (${code})`, code)).toEqual([...expected, 'Roll back']);
  });

  test('without an error, although it had to keep running', () => {
    const ended = { ...input('', 0), state: 'complete' as const, keepsRunning: true };
    expect(labels(hintWithActions(ended, null, true).actions)).toEqual([
      'Show logs',
      'Change command',
      'Roll back',
    ]);
    const job = hintWithActions({ ...ended, keepsRunning: false }, null, true);
    expect(job).toEqual({ hint: null, actions: [] });
  });

  test('of a job can be run again, as it is or with another image', () => {
    const job = (...of: Parameters<typeof input>) =>
      labels(hintWithActions({ ...input(...of), isJob: true }, 'id-zero1', false).actions);
    expect(job('task: non-zero exit (1)', 1)).toEqual(['Show logs', 'Change image', 'Run again']);
    expect(job('task: non-zero exit (127)', 127)).toEqual([
      'Change command',
      'Change image',
      'Show logs',
      'Run again',
    ]);
    expect(job('No such image: a:1', null, 'rejected')).toEqual(['Change image', 'Run again']);
    expect(job('something new', 77)).toEqual(['Show logs', 'Change image', 'Run again']);
    const done = { ...input('', 0), state: 'complete' as const, isJob: true };
    expect(hintWithActions(done, null, false).actions).toEqual([]);
  });

  test('on a node that is not known cannot have that drained', () => {
    const gone = { ...input('no space left on device', null, 'rejected'), node: null };
    expect(labels(hintWithActions(gone, null, false).actions)).toEqual([]);
    expect(labels(hintWithActions(gone, 'n1', false).actions)).toEqual(['Drain n1']);
  });

  test('without a definition before the present one cannot be rolled back', () => {
    const { actions: own } = hintWithActions(input('task: non-zero exit (1)', 1), null, false);
    expect(labels(own)).toEqual(['Show logs']);
  });
});

test('a task that runs has no actions', () => {
  const { hint, actions } = hintWithActions(
    {
      state: 'running',
      error: '',
      exitCode: null,
      node: null,
      platforms: { image: [], nodes: [] },
    },
    null,
    true,
  );
  expect([hint, actions]).toEqual([null, []]);
});

test('each row that a hint leads to has its actions, or none that could be done from here', () => {
  const none = HINT_HELP.filter(
    (help) => actionsOf(help, { id: 'n1', name: 'zero1' }).length === 0,
  );
  expect([...new Set(none)].sort()).toMatchInlineSnapshot(`
    [
      "address-pools-used",
      "bridge-filter-missing",
      "certificate",
      "cluster-volume",
      "container-network",
      "docker-illegal-instruction",
      "docker-run-failed",
      "image-other-name",
      "iptables-chains",
      "iptables-module",
      "ipvs-missing",
      "missing-plugin",
      "mount-missing",
      "network-missing",
      "network-overlap",
      "network-timeout",
      "no-addresses",
      "node-changed",
      "nodes-unavailable",
      "overlay-address",
      "registry-limit",
      "registry-sign-in",
      "registry-untrusted",
      "secret-missing",
      "volume-mount",
      "vxlan-leftover",
      "vxlan-missing",
    ]
  `);
});
