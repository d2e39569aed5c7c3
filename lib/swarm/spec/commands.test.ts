import { describe, expect, test } from 'vitest';
import {
  createCommand,
  nodeCommand,
  removeNodeCommand,
  removeServiceCommand,
  restartCommand,
  rollbackCommand,
  scaleCommand,
  updateCommand,
} from './commands';
import {
  createServiceSchema,
  patchServiceSchema,
  type CreateService,
  type PatchService,
} from './form';
import type { NodePatch } from './node-form';

// That these commands do the same is compared with docker's own clients in tests/contract/commands.test.ts.

const create = (over: Partial<CreateService>) =>
  createCommand(
    createServiceSchema(99).parse({ name: 'goweb', image: 'carmeloc/goweb:1.0', ...over }),
  );
const update = (patch: PatchService) => updateCommand('goweb', patchServiceSchema(99).parse(patch));

test('the tutorial’s service', () => {
  expect(create({ replicas: 3, ports: [{ target: 8080, published: 8888 }] })).toBe(
    'docker service create --name goweb --replicas 3 --publish 8888:8080 carmeloc/goweb:1.0',
  );
});

describe('a new service', () => {
  test.each<[Partial<CreateService>, string]>([
    [{ mode: 'global' }, '--mode global'],
    [
      { mode: 'replicated-job', replicas: 5, maxConcurrent: 2 },
      '--mode replicated-job --replicas 5 --max-concurrent 2',
    ],
    [{ ports: [{ target: 80 }] }, '--publish 80'],
    [{ ports: [{ target: 53, published: 53, protocol: 'udp' }] }, '--publish 53:53/udp'],
    [
      { ports: [{ target: 53, published: 54, protocol: 'udp', mode: 'host' }] },
      '--publish mode=host,target=53,published=54,protocol=udp',
    ],
    [{ ports: [{ target: 80, mode: 'host' }] }, '--publish mode=host,target=80'],
    [{ env: { A: "it's $HOME" } }, String.raw`--env 'A=it'\''s $HOME'`],
    [
      { constraints: ['node.role!=manager'], preferences: ['spread=node.labels.zone'] },
      "--constraint 'node.role!=manager' --placement-pref spread=node.labels.zone",
    ],
    [{ labels: { a: 'b' }, containerLabels: { c: '' } }, '--label a=b --container-label c='],
    [
      { maxPerNode: 2, limits: { cpus: 0.5, memory: '64M', pids: 9 } },
      '--replicas-max-per-node 2 --limit-cpu 0.5 --limit-memory 64M --limit-pids 9',
    ],
    [{ reservations: { cpus: 1, memory: '8M' } }, '--reserve-cpu 1 --reserve-memory 8M'],
    [{ limits: { cpus: 0.1 + 0.2 } }, '--limit-cpu 0.3'],
    [
      { update: { parallelism: 0, delay: '10s', order: 'start-first' } },
      '--update-parallelism 0 --update-delay 10s --update-order start-first',
    ],
    [
      { rollback: { monitor: '5s', failureAction: 'pause', maxFailureRatio: 0.25 } },
      '--rollback-monitor 5s --rollback-failure-action pause --rollback-max-failure-ratio 0.25',
    ],
    [{ update: { maxFailureRatio: 1e-7 } }, '--update-max-failure-ratio 0.0000001'],
    [
      { restart: { condition: 'none', delay: '1s', maxAttempts: 3, window: '1m' } },
      '--restart-condition none --restart-delay 1s --restart-max-attempts 3 --restart-window 1m',
    ],
    [
      { hostname: '{{.Node.Hostname}}', stopGracePeriod: '2s' },
      "--hostname '{{.Node.Hostname}}' --stop-grace-period 2s",
    ],
    [
      { command: ['sh', '-c', "echo 'a b'"] },
      String.raw`--entrypoint 'sh -c '\''echo '\''\'\'''\''a b'\''\'\'''\'''\'''`,
    ],
  ])('%j', (over, options) => {
    expect(create(over)).toBe(`docker service create --name goweb ${options} carmeloc/goweb:1.0`);
  });

  test('has its arguments last, as they are', () => {
    expect(create({ args: ['-port', '', '$(id)'] })).toBe(
      "docker service create --name goweb carmeloc/goweb:1.0 -port '' '$(id)'",
    );
  });
});

describe('a change', () => {
  test.each<[PatchService, string]>([
    [{ replicas: 5 }, 'docker service scale goweb=5'],
    [{ replicas: 5, env: {} }, 'docker service update --replicas 5 goweb'],
    [{ image: 'a:2' }, 'docker service update --image a:2 goweb'],
    [
      { env: { A: 'b', C: null }, labels: { d: null }, containerLabels: { e: 'f' } },
      'docker service update --env-add A=b --env-rm C --label-rm d --container-label-add e=f goweb',
    ],
    [
      {
        ports: { remove: [{ target: 80 }], add: [{ target: 81, published: 8081 }] },
        constraints: { add: ['node.role==b'], remove: ['c==d'] },
        preferences: { add: ['spread=node.labels.a'], remove: ['spread=node.labels.b'] },
      },
      'docker service update --publish-rm 80 --publish-add 8081:81 --constraint-rm c==d --constraint-add node.role==b --placement-pref-rm spread=node.labels.b --placement-pref-add spread=node.labels.a goweb',
    ],
    [{ args: [], command: ['a'] }, "docker service update --entrypoint a --args '' goweb"],
  ])('%j', (patch, command) => expect(update(patch)).toBe(command));

  test('of a service whose name begins with a dash', () => {
    expect(updateCommand('-x', { image: 'a' })).toBe('docker service update --image a -- -x');
  });
});

test.each<[NodePatch, string]>([
  [{ role: 'manager' }, 'docker node promote zero1'],
  [{ role: 'worker' }, 'docker node demote zero1'],
  [{ availability: 'drain' }, 'docker node update --availability drain zero1'],
  [
    { role: 'worker', labels: { a: 'b c', d: null } },
    "docker node update --role worker --label-add 'a=b c' --label-rm d zero1",
  ],
])('of a node: %j', (patch, command) => expect(nodeCommand('zero1', patch)).toBe(command));

test('without values', () => {
  expect([
    scaleCommand('a b', 2),
    restartCommand('a'),
    rollbackCommand('a'),
    removeServiceCommand('a;b'),
    removeNodeCommand('zero1'),
  ]).toEqual([
    "docker service scale 'a b=2'",
    'docker service update --force a',
    'docker service rollback a',
    "docker service rm 'a;b'",
    'docker node rm zero1',
  ]);
});
