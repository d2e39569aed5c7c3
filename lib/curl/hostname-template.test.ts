import { expect, test } from 'vitest';
import { hostnameOf } from './hostname-template';

const task = { id: 't0v2', slot: 2, nodeId: 'n0d3' };
const node = { hostname: 'zero3', arch: 'armv6l', os: 'linux' };

test.each([
  [null, null],
  ['web', 'web'],
  ['{{.Node.Hostname}}', 'zero3'],
  ['web-{{.Task.Slot}}', 'web-2'],
  ['{{.Service.Name}}.{{.Task.Slot}}.{{.Node.ID}}', 'goweb.2.n0d3'],
  ['{{ .Task.Name }}', 'goweb.2.t0v2'],
  ['{{.Task.ID}}', 't0v2'],
  ['a {{- .Task.Slot -}} b', 'a2b'],
  ['{{.Node.Platform.OS}}-{{.Node.Platform.Architecture}}', 'linux-armv6l'],
  ['{{.Service.ID}}', 's3rv'],
  // Templates that swarm rejects or that compute values are not resolved.
  ['{{.Service.Labels.a}}', null],
  ['{{index .Service.Labels "a"}}', null],
  ['{{.Task.Slot', null],
])('expands %j to %j', (hostname, expected) => {
  expect(hostnameOf(task, { id: 's3rv', name: 'goweb', hostname }, node)).toBe(expected);
});

test.each([null, 0])('a task with slot %j has its node’s id as slot', (slot) => {
  const service = { id: 's', name: 'g', hostname: '{{.Task.Slot}}/{{.Task.Name}}' };
  expect(hostnameOf({ ...task, slot }, service, node)).toBe('n0d3/g.n0d3.t0v2');
});

test('returns null before the task has a node', () => {
  const service = { id: 's', name: 'g', hostname: '{{.Node.Hostname}}' };
  expect(hostnameOf({ ...task, nodeId: null }, service, undefined)).toBeNull();
});
