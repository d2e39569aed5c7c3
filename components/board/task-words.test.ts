import { expect, test } from 'vitest';
import type { TaskView } from '@/lib/swarm/view';
import { aTask } from '@/tests/factories/view';
import { CHIP_LOOKS, containerWords, stateWords, taskName, shortError } from './task-words';

const NOW = 1_700_000_000_000;
const task = (over: Partial<TaskView>) => aTask({ stateAt: NOW - 14 * 60_000, ...over });

test.each<[Partial<TaskView>, string, string]>([
  [{}, 'running 14 m', 'ok'],
  [{ state: 'preparing', stateAt: NOW - 2000 }, 'preparing 2 s', 'moving'],
  [{ state: 'pending', stateAt: NOW + 3000 }, 'pending 0 s', 'moving'],
  [{ desired: 'remove' }, 'stopping', 'stopping'],
  [{ state: 'failed', exitCode: 137 }, 'failed 14 m ago', 'broken'],
  [{ state: 'rejected' }, 'rejected 14 m ago', 'broken'],
  [{ state: 'complete', exitCode: 0 }, 'complete 14 m ago', 'ended'],
  [{ phase: 'lost', desired: 'shutdown' }, 'unknown', 'lost'],
])('describes %j as "%s" and looks %s', (over, words, look) => {
  expect(stateWords({ task: task(over), lostAt: null }, NOW)).toBe(words);
  expect(CHIP_LOOKS[task(over).phase]).toBe(look);
});

test('names the time for which a lost task is unknown', () => {
  expect(stateWords({ task: task({ phase: 'lost' }), lostAt: NOW - 20_000 }, NOW)).toBe(
    'unknown for 20 s',
  );
});

test.each<[Partial<TaskView>, string]>([
  [{ container: 'abc' }, 'abc'],
  [{ state: 'preparing' }, 'no container yet'],
  [{ state: 'ready', desired: 'ready' }, 'in the restart delay'],
  [{ state: 'pending', nodeId: null }, 'no node yet'],
  [{ state: 'rejected' }, 'never had a container'],
])('shows the container of %j as "%s"', (over, words) => {
  expect(containerWords(task({ container: null, ...over }))).toBe(words);
});

test('names a task of a global service after the service only', () => {
  expect(taskName({ task: task({ name: 'goweb.1' }), service: 'goweb' })).toBe('goweb.1');
  expect(taskName({ task: task({ slot: null, name: 'agent.xyz' }), service: 'agent' })).toBe(
    'agent',
  );
});

test('names slot 0 of a job by its number, not by the node’s id as docker does', () => {
  expect(taskName({ task: task({ slot: 0, name: 'backup.xyz' }), service: 'backup' })).toBe(
    'backup.0',
  );
});

test.each([
  ['task: non-zero exit (137)', 'exit code 137'],
  ['task: non-zero exit (137): dockerexec: unhealthy', 'exit code 137: dockerexec: unhealthy'],
  ['starting container failed: no such device', 'starting container failed: no such device'],
  ['', ''],
])('the error %o is %o where there is little room', (error, short) => {
  expect(shortError(error)).toBe(short);
});
