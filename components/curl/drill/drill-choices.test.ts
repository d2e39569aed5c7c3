import { describe, expect, test } from 'vitest';
import type { Drill } from '@/lib/curl/run';
import { aNode, aTask, aView } from '@/tests/factories/view';
import { drainChoices, drillProgress, drillWords, killChoices } from './drill-choices';

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
const about = { serviceId: 'id-goweb', service: 'goweb' };
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

describe('the failure drill', () => {
  test('offers nodes that are up and not drained', () => {
    expect(drainChoices(here, about).map(({ name, tasks }) => [name, tasks])).toEqual([
      ['ctrl', 1],
      ['zero1', 1],
    ]);
  });

  test('offers to kill running tasks of the service on the node whose socket we hold, no others', () => {
    expect(killChoices(here, about)).toEqual([
      expect.objectContaining({ name: 'goweb.2', command: 'docker kill c0ffee000002' }),
    ]);
  });

  test('quotes what a rogue worker calls itself', () => {
    const commandFor = (name: string) =>
      drainChoices({ ...here, nodes: [aNode({ name })] }, about)[0]?.command;
    const drain = 'docker node update --availability drain';
    expect(commandFor('$(reboot)')).toBe(`${drain} '$(reboot)'`);
    expect(commandFor('a; reboot')).toBe(`${drain} 'a; reboot'`);
    expect(commandFor('--help')).toBe(`${drain} -- --help`);
    expect(commandFor('zero\u202E1')).toBe(
      String.raw`${drain} 'zero'"$(printf '\342\200\256')"'1'`,
    );
  });

  test('says what will happen', () => {
    const [, zero1] = drainChoices(here, about);
    expect(zero1 && drillWords(zero1, 15, 'goweb')).toContain(
      'zero1 is drained. Swarm stops its 1 task of goweb and starts a replacement elsewhere',
    );
    const [task] = killChoices(here, about);
    expect(task && drillWords(task, 15, 'goweb')).toContain('The container of goweb.2 is killed');
  });

  test('says how far it is', () => {
    expect(drillProgress(drill, 9)).toBe('zero1 is out and comes back in 9 s.');
    expect(drillProgress({ ...drill, state: 'done' }, 0)).toBe('zero1 is back as it was.');
    expect(drillProgress({ ...drill, state: 'failed', problem: 'No.' }, 0)).toBe(
      'The drill did not work: No.',
    );
  });
});
