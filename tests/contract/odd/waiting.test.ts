import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SwarmView } from '@/lib/swarm/view';
import { both, editEach, editList, ODD_CASES } from '@/tests/support/odd-cases';
import type { Oddity } from '@/tests/support/odd-engine';
import { oddSwarm, type OddSwarm } from './odd-swarm';

/** Tasks that wait or break: what the board explains, from the engine's JSON to the view. */

let swarm: OddSwarm;
beforeAll(async () => {
  swarm = await oddSwarm();
});
afterAll(() => swarm.close());

const WAITS = 'pendpendpendpendpendpend1';
const explained = (view: SwarmView, id: string) => {
  const task = view.tasks.find((one) => one.id === id);
  return task && { error: task.error, hint: task.hint, help: task.help };
};

test('arm64ctrl: the image’s platform and the node that it is not made for', async () => {
  expect(explained(await swarm.view(ODD_CASES.arm64ctrl), WAITS)).toEqual({
    error: 'no suitable node (unsupported platform on 1 node)',
    hint: expect.stringMatching(
      /^The image is for 32-bit ARM only \(linux\/arm\), so swarm keeps it off ctrl \(aarch64\)\. Build it for linux\/arm\/v6 and linux\/arm64 in one manifest: /,
    ),
    help: 'image-arm32-only',
  });
});

test('vxlan: the kernel module that the node lacks, and how it gets it', async () => {
  const { nodes, tasks } = await swarm.view(ODD_CASES.vxlan);
  const task = tasks.find(({ id }) => id === 'vxlanvxlanvxlanvxlanvxla1');
  const node = nodes.find(({ id }) => id === task?.nodeId)?.name;
  expect(task?.error).toMatch(/error creating vxlan interface: operation not supported$/);
  expect(task?.hint).toBe(
    `The kernel of ${node} has no vxlan module, which every overlay network needs. Load it there: \`sudo modprobe -a vxlan ip_vs\`. On Ubuntu 21.10 to 23.10 first \`sudo apt install linux-modules-extra-raspi\`, then restart the node.`,
  );
});

/** Adds a task of goweb that waits, with this spec and reason. */
function waiting(spec: object, reason: string): Oddity {
  return editList('/tasks', (tasks) => {
    const { NodeID: _node, ...task } = { ...tasks[0] } as Record<string, unknown>;
    const Spec = { ...Object(task['Spec']), ...spec };
    const Status = {
      Timestamp: new Date().toISOString(),
      State: 'pending',
      Message: 'pending task scheduling',
      Err: `no suitable node (${reason})`,
    };
    return [...tasks, { ...task, ID: WAITS, Slot: 9, Spec, Status }];
  });
}
const labelled = (name: string, Labels: object) =>
  editEach('/nodes', (node) =>
    node.Description.Hostname === name ? { ...node, Spec: { ...node.Spec, Labels } } : node,
  );

describe('a waiting task', () => {
  const needsLabel = waiting(
    { Placement: { Constraints: ['node.labels.foo==bar'] } },
    'scheduling constraints not satisfied on 5 nodes',
  );

  test.each<[string, Oddity, string]>([
    [
      'a label that no node has',
      needsLabel,
      'goweb needs node.labels.foo==bar; no node has it: `docker node update --label-add foo=bar zero1`.',
    ],
    [
      'a label that only a drained node has',
      both(
        needsLabel,
        editEach('/nodes', (node) =>
          node.Description.Hostname === 'zero3'
            ? { ...node, Spec: { ...node.Spec, Labels: { foo: 'bar' }, Availability: 'drain' } }
            : node,
        ),
      ),
      'zero3 is drained: `docker node update --availability active zero3`. goweb needs node.labels.foo==bar; ctrl, zero1, zero2 and zero4 do not have it.',
    ],
    [
      'a reservation',
      waiting(
        { Resources: { Reservations: { MemoryBytes: 2 * 2 ** 30, NanoCPUs: 500_000_000 } } },
        'insufficient resources on 5 nodes',
      ),
      'goweb needs 2048 MiB of free memory; ctrl has 926 MiB and zero1, zero2, zero3 and zero4 have 427 MiB: `docker service update --reserve-memory 926M goweb`.',
    ],
    [
      'a log driver',
      waiting({ LogDriver: { Name: 'loki' } }, 'missing plugin on 5 nodes'),
      'ctrl, zero1, zero2, zero3 and zero4 do not have the log driver loki. Install it on zero1: `docker plugin install loki`.',
    ],
  ])('names what it needs and who lacks it: %s', async (_, oddity, hint) => {
    expect(explained(await swarm.view(oddity), WAITS)?.hint).toBe(hint);
  });

  test('is explained by the error alone where the list of nodes is refused', async () => {
    const refused = both(needsLabel, ODD_CASES.proxyNodes403);
    expect(explained(await swarm.view(refused), WAITS)?.hint).toMatch(/rule out 5 nodes\./);
  });

  test('shows no outdated reason once a node has the label', async () => {
    const cured = both(needsLabel, labelled('zero2', { foo: 'bar' }));
    expect(explained(await swarm.view(cured), WAITS)).toEqual({
      error: 'no suitable node (scheduling constraints not satisfied on 5 nodes)',
      hint: null,
      help: null,
    });
  });

  test('is explained although facts of nodes cannot be read', async () => {
    const odd = editEach('/nodes', (node) => ({
      ...node,
      Description: {
        ...node.Description,
        Engine: { EngineVersion: '28.5.2', Labels: 7, Plugins: { a: 1 } },
        Resources: { NanoCPUs: 1e9, MemoryBytes: 427 * 2 ** 20, GenericResources: 'gpu' },
      },
    }));
    expect(explained(await swarm.view(both(needsLabel, odd)), WAITS)?.hint).toMatch(
      /no node has it/,
    );
  });
});
