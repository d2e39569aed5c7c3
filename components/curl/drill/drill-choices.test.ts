import { describe, expect, test } from 'vitest';
import type { Drill } from '@/lib/curl/run';
import { aNode, aTask, aView } from '@/tests/factories/view';
import { drainChoices, killChoices } from './drill-choices';
import { drillEffect, drillProgress } from './drill-words';

const view = aView({
  nodes: [
    aNode({ name: 'ctrl', here: true, role: 'manager' }),
    aNode({ name: 'zero1' }),
    aNode({ name: 'zero2', availability: 'drain' }),
    aNode({ name: 'zero3', state: 'down' }),
  ],
  tasks: [
    aTask({ slot: 1, nodeId: 'id-zero1' }),
    aTask({ slot: 2, nodeId: 'id-ctrl', container: 'c0ffee000002' }),
    aTask({ slot: 3, nodeId: 'id-ctrl', state: 'preparing', container: null }),
    aTask({ slot: 4, nodeId: 'id-ctrl', serviceId: 'id-other', name: 'other.4' }),
  ],
});
const here = { ...view, engine: { ...view.engine, nodeId: 'id-ctrl', name: 'ctrl' } };
const run = { serviceId: 'id-goweb', service: 'goweb' };
const drill: Drill = {
  kind: 'drain',
  nodeId: 'id-zero1',
  node: 'zero1',
  taskId: null,
  task: null,
  state: 'out',
  startedAt: 0,
  until: 15_000,
  problem: null,
};

describe('failure drill', () => {
  test('offers nodes that are up and not drained', () => {
    expect(drainChoices(here, run).map(({ name, tasks }) => [name, tasks])).toEqual([
      ['ctrl', 1],
      ['zero1', 1],
    ]);
  });

  test("offers to kill only running tasks of the service on the engine's own node", () => {
    expect(killChoices(here, run)).toEqual([
      expect.objectContaining({ name: 'goweb.2', command: 'docker kill c0ffee000002' }),
    ]);
  });

  test('quotes a hostile node name in the command', () => {
    const commandFor = (name: string) =>
      drainChoices({ ...here, nodes: [aNode({ name })] }, run)[0]?.command;
    const drain = 'docker node update --availability drain';
    expect(commandFor('$(reboot)')).toBe(`${drain} '$(reboot)'`);
    expect(commandFor('a; reboot')).toBe(`${drain} 'a; reboot'`);
    expect(commandFor('--help')).toBe(`${drain} -- --help`);
    expect(commandFor('zero\u202E1')).toBe(
      String.raw`${drain} 'zero'"$(printf '\342\200\256')"'1'`,
    );
  });

  test('describes what will happen', () => {
    const [, zero1] = drainChoices(here, run);
    expect(zero1 && drillEffect(zero1, 15, 'goweb')).toContain(
      'zero1 will be drained. Swarm stops its 1 task of goweb, and tasks of other services there, and starts replacements on other nodes.',
    );
    const [task] = killChoices(here, run);
    expect(task && drillEffect(task, 15, 'goweb')).toContain(
      'The container of goweb.2 will be killed',
    );
  });

  test('describes the state of a drill', () => {
    expect(drillProgress(drill, 9)).toBe('zero1 is drained and will be restored in 9 s.');
    expect(drillProgress({ ...drill, state: 'done' }, 0)).toBe('zero1 is restored.');
    const problem = 'zero1 stays drained, as somebody chose during the drill.';
    expect(drillProgress({ ...drill, state: 'done', problem }, 0)).toBe(problem);
    expect(drillProgress({ ...drill, state: 'failed', problem: 'No.' }, 0)).toBe(
      'The drill failed: No.',
    );
  });
});
