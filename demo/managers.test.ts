import { beforeEach, expect, test } from 'vitest';
import { ScriptedSwarm } from './scripted';

let scripted: ScriptedSwarm;
beforeEach(() => {
  scripted = new ScriptedSwarm();
});

const node = (name: string) => scripted.swarm.node(name);
function setRole(name: string, Role: 'manager' | 'worker'): void {
  const { api } = node(name);
  scripted.swarm.updateNode(node(name), api.Version.Index, { ...api.Spec, Role });
}
const status = (name: string) =>
  (JSON.parse(scripted.swarm.store.jsonOf(node(name))) as { ManagerStatus?: object }).ManagerStatus;

test('a manager without power cannot be reached; one of two managers is no majority', () => {
  setRole('zero1', 'manager');
  expect(status('zero1')).toMatchObject({ Reachability: 'reachable' });
  scripted.swarm.power(node('zero1'), false);
  scripted.clock.advance(5000);
  expect(status('zero1')).toMatchObject({ Reachability: 'unreachable' });
  expect([scripted.swarm.role, scripted.swarm.managers.hasMajority]).toEqual(['manager', false]);
  scripted.clock.advance(20_000);
  expect(scripted.swarm.role).toBe('no-quorum');
  // Without a majority nobody can write that it is down.
  expect(node('zero1').api.Status.State).toBe('ready');

  scripted.swarm.power(node('zero1'), true);
  scripted.clock.advance(10_000);
  expect([scripted.swarm.role, scripted.swarm.managers.hasMajority]).toEqual(['manager', true]);
  expect(status('zero1')).toMatchObject({ Reachability: 'reachable' });
});

test('one of three managers may fail, and then none of the others can be demoted', () => {
  setRole('zero1', 'manager');
  setRole('zero2', 'manager');
  scripted.swarm.power(node('zero2'), false);
  scripted.clock.advance(60_000);
  expect([scripted.swarm.role, node('zero2').api.Status.State]).toEqual(['manager', 'down']);
  expect(() => setRole('zero1', 'worker')).toThrow(/would result in a loss of quorum/);
  setRole('zero2', 'worker');
  setRole('zero1', 'worker');
  expect(() => setRole('ctrl', 'worker')).toThrow(/the last manager/);
  expect(status('zero1')).toBeUndefined();
});

test('a node that is promoted without power takes part once it is back', () => {
  scripted.swarm.power(node('zero3'), false);
  scripted.clock.advance(20_000);
  setRole('zero3', 'manager');
  expect(status('zero3')).toBeUndefined();
  expect(scripted.swarm.managers.hasMajority).toBe(true);
  expect(() => setRole('zero3', 'worker')).toThrow(/can't find manager in raft memberlist/);
  scripted.swarm.power(node('zero3'), true);
  scripted.clock.advance(10_000);
  expect(status('zero3')).toMatchObject({ Reachability: 'reachable' });
});

test('a node that is promoted without power can be removed, as it is no member yet', () => {
  scripted.swarm.power(node('zero3'), false);
  scripted.clock.advance(20_000);
  setRole('zero3', 'manager');
  scripted.swarm.removeNode(node('zero3'), false);
  expect([...scripted.swarm.store.nodes.values()]).toHaveLength(4);
});

test('the engine of a demoted node answers as a worker, until the demo is reset', () => {
  setRole('zero1', 'manager');
  setRole('ctrl', 'worker');
  expect(scripted.swarm.role).toBe('worker');
  expect(status('zero1')).toMatchObject({ Leader: true });
  scripted.swarm.managers.reset();
  expect(scripted.swarm.role).toBe('manager');
  expect(status('ctrl')).toMatchObject({ Leader: true, Reachability: 'reachable' });
  expect(status('zero1')).not.toHaveProperty('Leader');
});
