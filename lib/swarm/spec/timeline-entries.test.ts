import { expect, test } from 'vitest';
import type { Inspected } from '../engine-json';
import type { RawSpec } from './raw-spec';
import {
  createdEntry,
  nodeEntry,
  removedEntry,
  removedNodeEntry,
  restartedEntry,
  rolledBackEntry,
  updatedEntry,
} from './timeline-entries';

const spec = (replicas: number, more: object = {}): RawSpec => ({
  Name: 'goweb',
  Labels: {},
  TaskTemplate: { ContainerSpec: { Image: 'goweb:1.0', ...more } },
  Mode: { Replicated: { Replicas: replicas } },
});
const inspected = (Spec: RawSpec, PreviousSpec: RawSpec | null = null): Inspected => ({
  ID: 'id',
  Version: { Index: 1 },
  Spec,
  PreviousSpec,
  json: {},
});
const shown = ({ kinds, entry }: ReturnType<typeof updatedEntry>) => [
  kinds,
  entry.kind,
  entry.text,
];

test.each<[after: RawSpec, kinds: string[], kind: string, text: string]>([
  [spec(5), ['scaled'], 'scaled', 'goweb was scaled from 3 to 5'],
  [spec(3, { Image: 'goweb:2.0' }), ['updated'], 'updated', 'goweb was updated to goweb:2.0'],
  [
    spec(5, { Image: 'goweb:2.0', StopSignal: 'SIGUSR1' }),
    ['updated', 'scaled'],
    'updated',
    'goweb was updated to goweb:2.0 (stop signal)',
  ],
  [spec(3), ['updated'], 'updated', 'goweb was updated'],
])('an update: %#', (after, kinds, kind, text) => {
  const about = updatedEntry('goweb', inspected(spec(3)), after);
  expect(shown(about)).toEqual([kinds, kind, text]);
  expect(about.entry).toMatchObject({ serviceId: 'id', nodeId: null, taskId: null });
});

test('a service’s image afterwards is named as views name it', () => {
  const pinned = spec(3, { Image: 'docker.io/library/goweb:2.0@sha256:0123' });
  const image = 'goweb:2.0';
  expect(updatedEntry('goweb', inspected(spec(5)), pinned)).toMatchObject({
    image,
    scaled: { from: '5', to: '3' },
  });
  expect(restartedEntry('goweb', inspected(pinned))).toMatchObject({ image });
  expect(rolledBackEntry('goweb', inspected(spec(3), pinned))).toMatchObject({ image });
});

test('never names a value of the environment', () => {
  const { entry } = updatedEntry('goweb', inspected(spec(3)), spec(3, { Env: ['TOKEN=planted'] }));
  expect(entry.text).not.toContain('planted');
});

test('keeps the case of names, and is short whatever their length', () => {
  const text = (Env: string[]) =>
    updatedEntry('goweb', inspected(spec(3)), spec(3, { Env })).entry.text;
  expect(text(['TOKEN=x'])).toBe('goweb was updated (variable TOKEN)');
  const limits = { ...spec(3), TaskTemplate: { Resources: { Limits: { NanoCPUs: 1e9 } } } };
  const { entry } = updatedEntry('goweb', inspected({ ...limits, TaskTemplate: {} }), limits);
  expect(entry.text).toBe('goweb was updated (CPU limit)');
  const names = Array.from({ length: 100 }, (_, at) => `\n${String(at).repeat(250)}`);
  expect(text(names.map((name) => `${name}=x`))).toMatch(/^[^\n]{100,1500}$/);
  const labels = Object.fromEntries(names.map((name) => [name, 'x']));
  expect(nodeEntry('zero1', inspected({}), { labels }).entry.text).toMatch(/^[^\n]{100,1500}$/);
});

test('other changes of a service', () => {
  const now = inspected(spec(3), spec(5));
  expect(shown(createdEntry('goweb'))).toEqual([
    ['service created'],
    'service created',
    'goweb was created',
  ]);
  expect(shown(restartedEntry('goweb', now))).toEqual([
    ['updated'],
    'updated',
    'goweb was restarted',
  ]);
  expect(shown(rolledBackEntry('goweb', now))).toEqual([
    ['rolled back', 'scaled'],
    'rolled back',
    'goweb was rolled back',
  ]);
  expect(rolledBackEntry('goweb', inspected(spec(3), spec(3))).kinds).toEqual(['rolled back']);
  expect(rolledBackEntry('goweb', now)).toMatchObject({ scaled: { from: '3', to: '5' } });
  expect(rolledBackEntry('goweb', inspected(spec(3), spec(3)))).not.toHaveProperty('scaled');
  expect(shown(removedEntry('goweb', now))).toEqual([
    ['service removed'],
    'service removed',
    'goweb was removed',
  ]);
});

test('changes of a node', () => {
  const now = inspected({
    Role: 'worker',
    Availability: 'active',
    Labels: { old: '1', same: '1' },
  });
  const entry = (patch: Parameters<typeof nodeEntry>[2]) => shown(nodeEntry('zero1', now, patch));
  expect(entry({ availability: 'drain' })).toEqual([['drained'], 'drained', 'zero1 was drained']);
  expect(entry({ availability: 'pause', role: 'manager' })).toEqual([
    ['paused', 'promoted'],
    'paused',
    'zero1 was paused',
  ]);
  expect(
    entry({ availability: 'active', labels: { disk: 'ssd', old: null, same: '1', none: null } }),
  ).toEqual([['node updated'], 'node updated', 'zero1 had its labels changed (disk and old)']);
  const both = nodeEntry('zero1', now, {
    availability: 'drain',
    role: 'manager',
    labels: { constructor: 'ssd' },
  });
  expect(shown(both)).toEqual([
    ['drained', 'promoted'],
    'drained',
    'zero1 was drained and had its labels changed (constructor)',
  ]);
  expect(both.replaces).toBe(true);
  expect(entry({ role: 'worker' })).toEqual([[], 'node updated', 'zero1 was updated']);
  expect(shown(removedNodeEntry('zero1', now))).toEqual([
    ['node left'],
    'node left',
    'zero1 was removed from the swarm',
  ]);
});
