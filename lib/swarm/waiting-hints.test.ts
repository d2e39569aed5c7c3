import { expect, test } from 'vitest';
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
const reason = 'no suitable node (scheduling constraints not satisfied on 5 nodes)';

test('tasks that the scheduler treats alike share one explanation', () => {
  const explain = waitingHints(() => cluster);
  const first = explain(aSwarmTask(goweb, { reason, Slot: 1 }));
  expect(first?.text).toMatch(/no node has it/);
  for (let Slot = 2; Slot < 1000; Slot++)
    expect(explain(aSwarmTask(goweb, { reason, Slot }))).toBe(first);
  const other = { ...aSwarmTask(goweb, { reason }), Spec: constrained('node.role==nothing') };
  expect(explain(other)?.text).toMatch(/node\.role==nothing/);
});

test('the nodes are not looked at while no task waits', () => {
  const explain = waitingHints(() => {
    throw new Error('looked at');
  });
  expect(explain(aSwarmTask(goweb, { node: 'zero1' }))).toBeUndefined();
  expect(explain(aSwarmTask(goweb))).toBeUndefined();
});

test('says nothing of its own where nodes or services are not listed', () => {
  const task = aSwarmTask(goweb, { reason });
  expect(waitingHints(() => aCluster([], [goweb]))(task)).toBeUndefined();
  expect(waitingHints(() => aCluster(hatNodes(), []))(task)).toBeUndefined();
});
