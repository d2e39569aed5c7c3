import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aTask, tasksInSlots } from '@/tests/factories/view';
import { containerOf, parseEcho, TaskIndex } from './identify';

describe('parseEcho', () => {
  test("reads the echo service's text", () => {
    expect(parseEcho('This is 2f46e608caba running on linux/arm saying: Hello!\n')).toEqual({
      container: '2f46e608caba',
      os: 'linux',
      arch: 'arm',
      said: 'Hello!',
    });
  });

  test('accepts any echoed text, including its own format', () => {
    for (const said of ['', ' ', '/a/../b', 'This is x running on y/z saying: no', 'a\nb\n']) {
      expect(parseEcho(`This is web running on linux/arm64 saying: ${said}\n`)).toMatchObject({
        container: 'web',
        said,
      });
    }
  });

  test.each([
    '',
    '\n',
    '<html>This is a running on b/c saying: d\n',
    'This is 2f46e608caba running on linux/arm saying: Hello!',
    'This is 2f46e608caba running on linux saying: Hello!\n',
    'This is two words running on linux/arm saying: Hello!\n',
    'This is  running on linux/arm saying: Hello!\n',
    'This is <b> running on linux/arm saying: Hello!\n',
    `This is ${'a'.repeat(254)} running on linux/arm saying: Hello!\n`,
  ])('rejects %j', (body) => expect(parseEcho(body)).toBeNull());

  test('parses every text that the service can write', () => {
    const hostname = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,60}$/);
    fc.assert(
      fc.property(hostname, fc.string(), (name, said) => {
        const read = parseEcho(`This is ${name} running on linux/arm saying: ${said}\n`);
        expect(read).toEqual({ container: name, os: 'linux', arch: 'arm', said });
      }),
    );
  });
});

describe('TaskIndex', () => {
  const one = aTask({ slot: 1, container: '0801fa03baa6' });

  test('contains only the service’s own tasks', () => {
    const index = new TaskIndex('id-goweb');
    index.applyView([one, aTask({ slot: 2, serviceId: 'other', container: 'd3ffa4006aa8' })]);
    expect(index.ofContainer('0801fa03baa6')?.name).toBe('goweb.1');
    expect(index.ofContainer('d3ffa4006aa8')).toBeUndefined();
    expect(index.running()).toEqual(new Set(['task-1']));
  });

  test('keeps a task that the engine no longer lists, as not running', () => {
    const index = new TaskIndex('id-goweb');
    index.applyView([one]);
    index.applyView([]);
    expect(index.ofContainer('0801fa03baa6')).toMatchObject({ id: 'task-1', running: false });
    expect(index.running().size).toBe(0);
  });

  test('adds a container when it appears', () => {
    const index = new TaskIndex('id-goweb');
    index.applyView([{ ...one, container: null, phase: 'starting' }]);
    expect(index.ofContainer('0801fa03baa6')).toBeUndefined();
    index.applyView([one]);
    expect(index.ofContainer('0801fa03baa6')?.id).toBe('task-1');
  });
});

describe('a hostname set by the service', () => {
  const names = (task: { slot: number | null }) => `web-${task.slot}`;

  test('identifies the task, as its container id does', () => {
    const index = new TaskIndex('id-goweb');
    index.applyView(tasksInSlots(1, 2), names);
    expect(index.ofContainer('web-2')?.id).toBe('task-2');
    expect(index.ofContainer(aTask({ slot: 2 }).container ?? '')?.id).toBe('task-2');
    expect(index.ofContainer('web-3')).toBeUndefined();
    expect(index.namedIn('{"hostname":"web-2","port":80}')).toBe('web-2');
  });

  test('identifies the running task, else the newest', () => {
    const index = new TaskIndex('id-goweb');
    const old = aTask({ slot: 1, id: 'old', state: 'shutdown', container: 'aaaaaaaaaaaa' });
    index.applyView([old, aTask({ slot: 1 })], names);
    expect(index.ofContainer('web-1')?.id).toBe('task-1');
    index.applyView([old], names);
    expect(index.ofContainer('web-1')?.id).toBe('task-1');
  });

  test('identifies no task when several running ones share it', () => {
    const index = new TaskIndex('id-goweb');
    index.applyView(tasksInSlots(1, 2), () => 'web');
    expect(index.ofContainer('web')).toBeUndefined();
    expect(index.sharedHostnames).toBe(true);
    index.applyView([aTask({ slot: 1 })], () => 'web');
    expect(index.ofContainer('web')?.id).toBe('task-1');
    expect(index.sharedHostnames).toBe(false);
  });
});

describe('containerOf', () => {
  const index = new TaskIndex('id-goweb');
  index.applyView([aTask({ slot: 1, container: '0801fa03baa6' })]);

  test('reports a bad body when the echo service does not echo', () => {
    expect(containerOf(index, 'Hostname: 0801fa03baa6', true)).toEqual({
      container: null,
      badBody: true,
    });
  });

  test('finds another service’s container id in its text', () => {
    expect(containerOf(index, '{"host":"0801fa03baa6"}', false).container).toBe('0801fa03baa6');
    expect(containerOf(index, 'it works', false)).toEqual({ container: null, badBody: false });
    // Twelve characters out of a longer digest are not a container.
    expect(containerOf(index, 'sha256:0801fa03baa6ffff', false).container).toBeNull();
  });
});
