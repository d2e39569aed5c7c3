import { describe, expect, test } from 'vitest';
import {
  aCluster,
  aSwarmNode,
  aSwarmService,
  aSwarmTask,
  hatNodes,
} from '@/tests/factories/cluster';
import { avoidedNodes, NO_FAILURES, rememberFailures, type FailureMemory } from './avoided-nodes';
import type { EngineNode, EngineService, EngineTask } from '../engine-json';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const START = 10 * MINUTE;

/** A dashboard that reads a swarm; times are seconds after its first look. */
class Watch {
  memory: FailureMemory = NO_FAILURES;
  services: EngineService[] = [aSwarmService('goweb')];
  nodes: EngineNode[] = hatNodes();
  private readonly failed = new Set<string>();
  private last = Number.NEGATIVE_INFINITY;

  /** Looks at these tasks; returns `NODE until SECONDS` for each node that is avoided. */
  look(at: number, tasks: EngineTask[] = []): string[] {
    const now = START + at * SECOND;
    const { nodes, services } = this;
    this.memory = rememberFailures(
      { nodes, services, tasks },
      this.memory,
      (id) => this.failed.has(id),
      (reported) => Math.min(now, Math.max(reported, this.last)),
      now,
    );
    this.last = now;
    for (const { ID, Status } of tasks) if (Status.State === 'failed') this.failed.add(ID);
    const avoided = avoidedNodes(this.memory, aCluster(nodes, services, tasks), now);
    return [...avoided].flatMap(([id, list]) =>
      list.map(({ until }) => `${id.slice(3)} until ${(until - START) / SECOND}`),
    );
  }

  /** One failure after the other on these nodes, a second apart, from `at` on; each seen by a look of its own. */
  fail(at: number, ...nodes: string[]): string[] {
    let seen: string[] = [];
    for (const [index, node] of nodes.entries()) {
      seen = this.look(at + index, [this.failure(at + index, node)]);
    }
    return seen;
  }

  failure(at: number, node: string, over: Partial<EngineTask> = {}): EngineTask {
    const [service] = this.services;
    if (!service) throw new Error('no service');
    const time = START + at * SECOND;
    const task = aSwarmTask(service, { node, CreatedAt: time, UpdatedAt: time, ...over });
    return { ...task, ID: `${node}-${at}`, Status: { ...task.Status, State: 'failed' } };
  }

  update(at: number): void {
    this.services = this.services.map((service) => ({
      ...service,
      Version: { Index: service.Version.Index + 1 },
      UpdatedAt: START + at * SECOND,
      PreviousSpec: { at },
    }));
  }
}

const five = (node: string) => Array.from({ length: 5 }, () => node);

describe('a node where a service failed five times within five minutes', () => {
  test('is avoided until the first of them is five minutes old', () => {
    const watch = new Watch();
    expect(watch.fail(0, 'zero3', 'zero3', 'zero3', 'zero3')).toEqual([]);
    expect(watch.fail(10, 'zero3')).toEqual(['zero3 until 300']);
    // The engine has forgotten these tasks by now.
    expect(watch.look(299)).toEqual(['zero3 until 300']);
    expect(watch.look(301)).toEqual([]);
  });

  test('names the service, the node and the command that ends it', () => {
    const watch = new Watch();
    watch.fail(0, ...five('zero3'));
    const { nodes, services } = watch;
    const avoided = avoidedNodes(watch.memory, aCluster(nodes, services), START + 5 * SECOND);
    expect([...avoided]).toEqual([
      [
        'id-zero3',
        [
          {
            service: 'goweb',
            until: START + 300 * SECOND,
            text: 'swarm avoids zero3 for goweb, which failed here 5 times or more in 5 minutes. An update of the service ends it: `docker service update --force goweb`.',
          },
        ],
      ],
    ]);
  });

  test('is not avoided when the failures are spread over more than five minutes', () => {
    const watch = new Watch();
    watch.fail(0, 'zero3', 'zero3');
    expect(watch.fail(299, 'zero3', 'zero3', 'zero3')).toEqual([]);
  });

  test.each([
    ['is the only one', [aSwarmNode('zero3')]],
    ['has others that are drained', hatNodes().map((node) => drainedUnless(node, 'zero3'))],
    ['is drained itself', hatNodes({ zero3: { Spec: { Availability: 'drain' } } })],
  ])('is not avoided when it %s', (_, nodes) => {
    const watch = new Watch();
    watch.nodes = nodes;
    expect(watch.fail(0, ...five('zero3'))).toEqual([]);
  });

  test('is not avoided when the service is global: swarm does not choose its nodes', () => {
    const watch = new Watch();
    const [service] = watch.services;
    if (!service) throw new Error('no service');
    watch.services = [{ ...service, Spec: { ...service.Spec, Mode: { Global: {} } } }];
    expect(watch.fail(0, ...five('zero3'))).toEqual([]);
  });
});

function drainedUnless(node: EngineNode, name: string): EngineNode {
  if (node.Description?.Hostname === name) return node;
  return { ...node, Spec: { ...node.Spec, Availability: 'drain' } };
}

describe('an update of the service', () => {
  test('resets the count, and so does a scale', () => {
    const watch = new Watch();
    watch.fail(0, ...five('zero3'));
    watch.update(6);
    expect(watch.look(7)).toEqual([]);
    expect(watch.fail(8, 'zero3', 'zero3', 'zero3', 'zero3')).toEqual([]);
    expect(watch.fail(20, 'zero3')).toEqual(['zero3 until 308']);
  });

  test('does not count the end of tasks that were made before it', () => {
    const watch = new Watch();
    watch.update(10);
    watch.look(11);
    const old = [1, 2, 3, 4, 5].map((at) =>
      watch.failure(20 + at, 'zero3', { CreatedAt: START + at * SECOND }),
    );
    expect(watch.look(30, old)).toEqual([]);
  });

  test('another write of the service, such as the state of its update, changes nothing', () => {
    const watch = new Watch();
    watch.fail(0, ...five('zero3'));
    watch.services = watch.services.map((service) => ({
      ...service,
      Version: { Index: 99 },
      UpdatedAt: START + 6 * SECOND,
      UpdateStatus: { State: 'completed', Message: '', StartedAt: 0, CompletedAt: 0 },
    }));
    expect(watch.look(7)).toEqual(['zero3 until 300']);
  });
});

test('a new leader resets the count', () => {
  const watch = new Watch();
  watch.fail(0, ...five('zero3'));
  const ManagerStatus = { Leader: true, Reachability: 'reachable', Addr: '' };
  watch.nodes = hatNodes().map((node) =>
    node.ID === 'id-zero1' ? { ...node, ManagerStatus } : { ...node, ManagerStatus: null },
  );
  expect(watch.look(6)).toEqual([]);
});

test('failures from before the first view count by the manager’s time', () => {
  const watch = new Watch();
  const before = [-310, -200, -150, -100, -50, -10].map((at) => watch.failure(at, 'zero3'));
  expect(watch.look(0, before)).toEqual(['zero3 until 100']);
  // They are still listed a while later, and do not count again.
  expect(watch.look(101, before)).toEqual([]);
});

describe('a service that fails on every node', () => {
  const all = ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'];
  const everywhere = [...all.flatMap((node) => five(node)), 'zero3', 'zero4'];

  test('marks no node while it still fails', () => {
    expect(new Watch().fail(0, ...everywhere)).toEqual([]);
  });

  test('then marks the nodes with more failures than another', () => {
    const watch = new Watch();
    watch.fail(0, ...everywhere);
    // 10 s after the 27th failure, then 16 s.
    expect(watch.look(36)).toEqual([]);
    // From 302 s on ctrl has only four, so it is taken first; at 316 s zero3 is down to five, and so on.
    expect(watch.look(45)).toEqual(['zero3 until 316', 'zero4 until 321']);
  });
});

test('finds all of 400 avoided nodes among 5,000 failures', () => {
  const watch = new Watch();
  watch.nodes = Array.from({ length: 500 }, (_, at) => aSwarmNode(`n${at}`));
  const tasks = Array.from({ length: 5000 }, (_, at) => ({
    ...watch.failure(0, `n${at % 400}`),
    ID: `task${at}`,
  }));
  expect(watch.look(1, tasks)).toHaveLength(400);
});
