import { expect, test } from 'vitest';
import type { DrillActions } from './drill';
import { loggedDrillActions, type DrillChange } from './logged-drill-actions';

function setUp(drillActions: Partial<DrillActions>) {
  const lines: DrillChange[] = [];
  const logged = loggedDrillActions(drillActions as DrillActions, {
    write: (change) => lines.push(change),
    nodeName: (id) => id.replace('id-', ''),
    dockerNode: (id) => id.replace('id-', ''),
    errorKind: () => 'no-quorum',
  });
  const seen = () => lines.map(({ action, command, outcome }) => [action, command, outcome]);
  return { logged, seen };
}

test('logs each change of a drill with the equivalent docker command', async () => {
  const { logged, seen } = setUp({
    drainNode: () => Promise.resolve(true),
    restoreNode: () => Promise.resolve(null),
    killContainer: () => Promise.resolve(),
  });
  expect(await logged.drainNode('id-zero1', 'active')).toBe(true);
  await logged.restoreNode('id-zero1', 'pause');
  await logged.restoreNode('id-$(reboot)', 'active');
  await logged.killContainer('c0ffee000001');
  expect(seen()).toEqual([
    ['drain', 'docker node update --availability drain zero1', 'ok'],
    ['bring back', 'docker node update --availability pause zero1', 'ok'],
    ['bring back', "docker node update --availability active '$(reboot)'", 'ok'],
    ['kill', 'docker kill c0ffee000001', 'ok'],
  ]);
});

test('logs one of a hundred consecutive failures, then the success', async () => {
  let fails = true;
  const { logged, seen } = setUp({
    restoreNode: () => (fails ? Promise.reject(new Error('no leader')) : Promise.resolve(null)),
  });
  for (let n = 0; n < 100; n++) {
    await expect(logged.restoreNode('id-zero1', 'active')).rejects.toThrow('no leader');
  }
  fails = false;
  await logged.restoreNode('id-zero1', 'active');
  expect(seen().map(([, , outcome]) => outcome)).toEqual(['no-quorum', 'ok']);
});

test('logs not-found for a node that no longer exists', async () => {
  const { logged, seen } = setUp({ drainNode: () => Promise.resolve(false) });
  expect(await logged.drainNode('id-zero1', 'active')).toBe(false);
  expect(seen()[0]?.[2]).toBe('not-found');
});
