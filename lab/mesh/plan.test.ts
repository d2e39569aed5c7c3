import { describe, expect, it } from 'vitest';
import { nodeChanges, planMesh, ruleOf, sandboxChanges, Services, Tasks } from './plan';

const services = Services.parse([
  {
    ID: 'echo',
    Endpoint: {
      Ports: [
        { Protocol: 'tcp', TargetPort: 8080, PublishedPort: 8888, PublishMode: 'ingress' },
        { Protocol: 'tcp', TargetPort: 9090, PublishedPort: 9999, PublishMode: 'host' },
        { Protocol: 'tcp', TargetPort: 7070 },
      ],
    },
  },
  { ID: 'silent', Endpoint: {} },
]);

function task(id: string, slot: number, rest: Record<string, unknown> = {}) {
  return {
    ID: id,
    ServiceID: 'echo',
    NodeID: 'zero1',
    Slot: slot,
    DesiredState: 'running',
    Status: { State: 'running' },
    NetworksAttachments: [
      { Network: { Spec: {} }, Addresses: ['10.0.1.9/24'] },
      { Network: { Spec: { Ingress: true } }, Addresses: [`10.0.0.${slot}/24`] },
    ],
    ...rest,
  };
}

describe('planMesh', () => {
  it('balances ingress ports over the running tasks in slot order', () => {
    const tasks = Tasks.parse([task('b', 2), task('c', 3), task('a', 1)]);
    expect(planMesh(services, tasks)).toEqual([
      {
        protocol: 'tcp',
        publishedPort: 8888,
        targetPort: 8080,
        backends: ['10.0.0.1', '10.0.0.2', '10.0.0.3'],
      },
    ]);
  });

  it('leaves out tasks that are not running, are stopping, are of other services or on lost nodes', () => {
    const tasks = Tasks.parse([
      task('a', 1, { Status: { State: 'starting' } }),
      task('b', 2, { DesiredState: 'shutdown' }),
      task('c', 3, { ServiceID: 'other' }),
      task('d', 4, { NodeID: 'zero4' }),
      task('e', 5, { NetworksAttachments: null }),
      task('f', 6),
    ]);
    const [port] = planMesh(services, tasks, new Set(['zero4']));
    expect(port?.backends).toEqual(['10.0.0.6']);
  });
});

describe('the nft commands', () => {
  const port = {
    protocol: 'tcp',
    publishedPort: 8888,
    targetPort: 8080,
    backends: ['10.0.0.1', '10.0.0.2'],
  } as const;
  const two = ruleOf({ ...port, backends: [...port.backends] });
  const none = ruleOf({ ...port, backends: [] });

  it('number the backends of a port', () => {
    expect(two).toEqual([
      'tcp_8888',
      'meta l4proto tcp dnat to numgen inc mod 2 map { 0 : 10.0.0.1, 1 : 10.0.0.2 } : 8080',
    ]);
  });

  it('add a port, change only what changed, and remove a port', () => {
    const table = 'ip clusterhat_mesh';
    expect(sandboxChanges(new Map(), new Map([two]))).toBe(
      `add chain ${table} tcp_8888\nadd rule ${table} tcp_8888 ${two[1]}\n` +
        `add element ${table} ports { tcp . 8888 : jump tcp_8888 }\n`,
    );
    expect(sandboxChanges(new Map([two]), new Map([two]))).toBe('');
    expect(sandboxChanges(new Map([two]), new Map([none]))).toBe(`flush chain ${table} tcp_8888\n`);
    expect(sandboxChanges(new Map([two]), new Map())).toBe(
      `delete element ${table} ports { tcp . 8888 : jump tcp_8888 }\n` +
        `flush chain ${table} tcp_8888\ndelete chain ${table} tcp_8888\n`,
    );
    expect(nodeChanges(new Map(), new Map([two]))).toBe(
      `add element ${table} ports { tcp . 8888 }\n`,
    );
    expect(nodeChanges(new Map([two]), new Map([none]))).toBe('');
    expect(nodeChanges(new Map([two]), new Map())).toBe(
      `delete element ${table} ports { tcp . 8888 }\n`,
    );
  });
});
