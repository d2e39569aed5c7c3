import { describe, expect, test } from 'vitest';
import { capturedSnapshot } from '@/tests/fixtures/engine';
import { buildView, NO_MEMORY } from '../build-view';
import type { EngineNode } from '../engine-json';
import { excludedNodes, nodePlatforms } from './platforms';
import type { Snapshot } from '../snapshot';

const OPTIONS = { hat: ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'], echoService: 'goweb' };
const linux = (arch: string) => ({ os: 'linux', arch });
const node = (name: string, arch: string) => ({ name, ...linux(arch) });

describe("swarmkit's platform filter", () => {
  test.each([
    ['arm64', 'aarch64', true],
    ['aarch64', 'arm64', true],
    ['amd64', 'x86_64', true],
    ['', 'armv6l', true],
    ['', 'aarch64', true],
    ['arm', 'armv6l', false],
    ['arm64', 'armv7l', false],
    ['amd64', 'armv7l', false],
    ['unknown', 'armv6l', false],
    ['amd64', '', false],
  ])('image %s on node %s: %s', (arch, nodeArch, runs) => {
    const nodes = [node('n', nodeArch)];
    expect(excludedNodes({ image: [linux(arch)], nodes }).length === 0).toBe(runs);
  });

  test('accepts one matching platform of several, and every node when none is recorded', () => {
    const nodes = [node('n', 'armv6l')];
    expect(excludedNodes({ image: [linux('amd64'), linux('')], nodes })).toEqual([]);
    expect(excludedNodes({ image: [], nodes })).toEqual([]);
  });

  test('compares the operating system too', () => {
    const image = [{ os: 'windows', arch: 'amd64' }];
    expect(excludedNodes({ image, nodes: [node('pc', 'x86_64')] })).toHaveLength(1);
    expect(excludedNodes({ image: [{ os: '', arch: '' }], nodes: [node('pc', 'x86_64')] })).toEqual(
      [],
    );
  });
});

/** The captured five nodes with a 64-bit controller and 32-bit Zeros, and what goweb's image is for. */
function hat64(
  platforms: { Architecture?: string; OS?: string }[] | null,
  over: { constraints?: string[]; node?: (node: EngineNode) => void } = {},
): Snapshot {
  const snapshot = capturedSnapshot();
  for (const one of snapshot.nodes) {
    const arch = one.Description?.Hostname === 'ctrl' ? 'aarch64' : 'armv6l';
    if (one.Description) one.Description.Platform = { Architecture: arch, OS: 'linux' };
    over.node?.(one);
  }
  const goweb = snapshot.services.find(({ Spec }) => Spec.Name === 'goweb');
  if (!goweb) throw new Error('no goweb');
  goweb.Spec.TaskTemplate.Placement = {
    Platforms: platforms,
    ...(over.constraints && { Constraints: over.constraints }),
  };
  return snapshot;
}

const limitOf = (snapshot: Snapshot) =>
  buildView(snapshot, OPTIONS, NO_MEMORY, 1).view.services.find(({ name }) => name === 'goweb')
    ?.platformLimit;
const ARM64 = [{ Architecture: 'arm64', OS: 'linux' }];

describe('a service whose image leaves nodes without tasks', () => {
  test('names the nodes and the reason', () => {
    expect(limitOf(hat64(ARM64))).toMatchObject({
      help: 'image-arm64-only',
      text: expect.stringContaining('zero1, zero2, zero3 and zero4 (armv6l) cannot run it'),
    });
  });

  test('names no node that has not reported its processor', () => {
    const snapshot = hat64([{ Architecture: 'arm', OS: 'linux' }]);
    const before = limitOf(snapshot)?.text;
    for (const { Description } of snapshot.nodes) {
      if (Description?.Hostname === 'zero1') Description.Platform = { Architecture: '', OS: '' };
      if (Description?.Hostname === 'zero2') Description.Platform = null;
    }
    expect(before).toContain('zero1');
    expect(limitOf(snapshot)?.text).not.toMatch(/unknown processor|zero1|zero2/);
  });

  test.each([
    ['recorded for ARM by docker’s client', [{ OS: 'linux' }]],
    ['nothing recorded', null],
    ['nothing recorded, in another way', []],
  ])('returns no text when no node is excluded: %s', (_, platforms) => {
    expect(limitOf(hat64(platforms))).toBeNull();
  });

  test('ignores nodes that are excluded by constraints, drained or down', () => {
    expect(limitOf(hat64(ARM64, { constraints: ['node.role == manager'] }))).toBeNull();
    expect(limitOf(hat64(ARM64, { constraints: ['node.hostname==CTRL'] }))).toBeNull();
    expect(limitOf(hat64(ARM64, { constraints: ['engine.labels.disk==ssd'] }))).toBeNull();
    expect(limitOf(hat64(ARM64, { constraints: ['node.role!=manager'] }))?.text).toMatch(/zero4/);
    const notTaking = (one: EngineNode) => {
      if (one.Description?.Hostname === 'zero1') one.Status.State = 'down';
      else if (one.Spec.Role === 'worker') one.Spec.Availability = 'drain';
    };
    expect(limitOf(hat64(ARM64, { node: notTaking }))).toBeNull();
  });

  test('compares node labels as swarm does', () => {
    const node = (one: EngineNode) => {
      if (one.Description?.Hostname === 'zero2') one.Spec.Labels = { disk: 'SSD' };
    };
    expect(limitOf(hat64(ARM64, { node, constraints: ['node.labels.disk==ssd'] }))?.text).toMatch(
      /and zero2 \(armv6l\) cannot/,
    );
  });
});

test('the hint of a waiting task changes with the nodes although the task does not', () => {
  const snapshot = hat64(ARM64);
  const task = snapshot.tasks.find(({ Status }) => Status.State === 'running');
  if (!task) throw new Error('no task');
  task.Status = { ...task.Status, State: 'pending' };
  task.Status.Err = 'no suitable node (unsupported platform on 4 nodes)';
  delete task.NodeID;
  task.Spec.Placement = { Platforms: ARM64 };
  const first = buildView(snapshot, OPTIONS, NO_MEMORY, 1);
  const hintIn = ({ view }: typeof first) => view.tasks.find(({ id }) => id === task.ID)?.hint;
  expect(hintIn(first)).toMatch(/zero1, zero2, zero3 and zero4 \(armv6l\)/);
  const same = buildView(snapshot, OPTIONS, first.memory, 2);
  expect(same.view.tasks.every((one, at) => one === first.view.tasks[at])).toBe(true);
  const zero1 = snapshot.nodes.find(({ Description }) => Description?.Hostname === 'zero1');
  if (zero1) zero1.Status.State = 'down';
  expect(hintIn(buildView(snapshot, OPTIONS, same.memory, 3))).toMatch(
    /and zero2, zero3 and zero4 \(armv6l\)/,
  );
});

test('a node that has not reported yet has no platform', () => {
  const [first] = capturedSnapshot().nodes;
  if (!first) throw new Error('no node');
  const { Description: _, ...rest } = first;
  expect(nodePlatforms([rest], new Map())).toEqual([{ name: first.ID, os: '', arch: '' }]);
});
