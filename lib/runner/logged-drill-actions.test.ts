import { expect, test } from 'vitest';
import type { DrillActions } from './drill';
import { loggedDrillActions, type DrillChange } from './logged-drill-actions';

function setUp(hands: Partial<DrillActions>) {
  const lines: DrillChange[] = [];
  const logged = loggedDrillActions(hands as DrillActions, {
    write: (change) => lines.push(change),
    nodeName: (id) => id.replace('id-', ''),
    errorKind: () => 'no-quorum',
  });
  const seen = () => lines.map(({ action, command, outcome }) => [action, command, outcome]);
  return { logged, seen };
}

test('each change of a drill is a line with the docker command that does the same', async () => {
  const { logged, seen } = setUp({
    takeOut: () => Promise.resolve(true),
    bringBack: () => Promise.resolve(),
    killContainer: () => Promise.resolve(),
  });
  expect(await logged.takeOut('id-zero1', 'active')).toBe(true);
  await logged.bringBack('id-zero1', 'pause');
  await logged.bringBack('id-$(reboot)', 'active');
  await logged.killContainer('c0ffee000001');
  expect(seen()).toEqual([
    ['drain', 'docker node update --availability drain zero1', 'ok'],
    ['bring back', 'docker node update --availability pause zero1', 'ok'],
    ['bring back', "docker node update --availability active '$(reboot)'", 'ok'],
    ['kill', 'docker kill c0ffee000001', 'ok'],
  ]);
});

test('of a hundred tries that fail in a row one is logged, then the one that succeeds', async () => {
  let fails = true;
  const { logged, seen } = setUp({
    bringBack: () => (fails ? Promise.reject(new Error('no leader')) : Promise.resolve()),
  });
  for (let n = 0; n < 100; n++) {
    await expect(logged.bringBack('id-zero1', 'active')).rejects.toThrow('no leader');
  }
  fails = false;
  await logged.bringBack('id-zero1', 'active');
  expect(seen().map(([, , outcome]) => outcome)).toEqual(['no-quorum', 'ok']);
});

test('a node that is gone was not drained', async () => {
  const { logged, seen } = setUp({ takeOut: () => Promise.resolve(false) });
  expect(await logged.takeOut('id-zero1', 'active')).toBe(false);
  expect(seen()[0]?.[2]).toBe('not-found');
});
