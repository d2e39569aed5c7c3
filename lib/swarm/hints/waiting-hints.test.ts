import { describe, expect, test } from 'vitest';
import {
  aCluster,
  aSwarmService,
  aSwarmTask,
  constrained,
  hatNodes,
} from '@/tests/factories/cluster';
import { waitingHints } from './waiting-hints';

const goweb = aSwarmService('goweb', constrained('node.labels.foo==bar'));
const cluster = aCluster(hatNodes(), [goweb]);
const young = () => 0;
const reason = 'no suitable node (scheduling constraints not satisfied on 5 nodes)';

test('tasks that the scheduler treats alike share one explanation', () => {
  const explain = waitingHints(() => cluster, young);
  const first = explain(aSwarmTask(goweb, { reason, Slot: 1 }));
  expect(first?.text).toMatch(/no node has it/);
  for (let Slot = 2; Slot < 1000; Slot++)
    expect(explain(aSwarmTask(goweb, { reason, Slot }))).toBe(first);
  const other = { ...aSwarmTask(goweb, { reason }), Spec: constrained('node.role==nothing') };
  expect(explain(other)?.text).toMatch(/node\.role==nothing/);
});

test('does not examine the nodes while no task waits', () => {
  const explain = waitingHints(() => {
    throw new Error('looked at');
  }, young);
  expect(explain(aSwarmTask(goweb, { node: 'zero1' }))).toBeUndefined();
  expect(explain(aSwarmTask(goweb))).toBeUndefined();
});

test('adds no reason where nodes or services are not listed', () => {
  const task = aSwarmTask(goweb, { reason });
  expect(waitingHints(() => aCluster([], [goweb]), young)(task)).toBeUndefined();
  expect(waitingHints(() => aCluster(hatNodes(), []), young)(task)).toBeUndefined();
});

describe('a task that stays new', () => {
  const fresh = aSwarmTask(goweb);
  fresh.Status.State = 'new';
  const after = (ms: number) =>
    waitingHints(
      () => cluster,
      () => ms,
    );

  test('has no address: the leader’s log has the reason', () => {
    expect(after(15_001)(fresh)).toEqual({
      help: 'no-addresses',
      text: 'Swarm has not given this task its network addresses. `journalctl -u docker` on ctrl has the reason, most often that the network has no address left.',
    });
  });

  test('is not explained earlier, or when it should stop', () => {
    expect(after(15_000)(fresh)).toBeUndefined();
    expect(after(60_000)({ ...fresh, DesiredState: 'remove' })).toBeUndefined();
  });
});
