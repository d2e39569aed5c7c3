import { describe, expect, test } from 'vitest';
import { effectOf } from './effect';
import { patchSpec } from './patch-spec';
import type { ServicePatch } from './form';

const SPEC = {
  Name: 'goweb',
  Labels: {},
  TaskTemplate: {
    ContainerSpec: { Image: 'carmeloc/goweb:1.0' },
    Placement: { Constraints: ['node.role==worker'] },
  },
  Mode: { Replicated: { Replicas: 3 } },
  EndpointSpec: { Mode: 'vip' },
};
const GLOBAL = { ...SPEC, Mode: { Global: {} } };
const effect = (patch: ServicePatch, spec: object = SPEC) =>
  effectOf(spec as typeof SPEC, patchSpec(spec as typeof SPEC, patch));

const PAUSES = 'If a new task fails within 5s, swarm pauses the update.';
const EACH = `Every task is replaced, one at a time. A task that is being replaced does not answer. ${PAUSES}`;

describe('what a change does to the tasks', () => {
  test.each<[string, ServicePatch, string]>([
    ['another image', { image: 'carmeloc/goweb:1.1' }, EACH],
    ['a variable', { env: { A: '1' } }, EACH],
    ['a limit', { limits: { memory: '64M' } }, EACH],
    ['a restart policy', { restart: { delay: '1s' } }, EACH],
    ['swarm’s default where none was written', { stopGracePeriod: '10s' }, EACH],
    ['swarm’s own restart policy where none was written', { restart: { condition: 'any' } }, EACH],
    [
      'a published port',
      { ports: { add: [{ target: 80, published: 80, protocol: 'tcp', mode: 'ingress' }] } },
      EACH,
    ],
    ['a label of the service', { labels: { a: 'b' } }, 'No task is replaced.'],
    ['an update policy', { update: { delay: '1s' } }, 'No task is replaced.'],
    ['a maximum per node', { maxPerNode: 1 }, 'No task is replaced.'],
    [
      'a constraint',
      { constraints: { add: ['node.labels.a==b'] } },
      'A task is replaced only if its node does not satisfy the constraints.',
    ],
    ['more replicas', { replicas: 5 }, 'No task is replaced. 2 more tasks start.'],
    ['fewer replicas', { replicas: 2 }, 'No task is replaced. 1 task stops.'],
    ['no replicas', { replicas: 0 }, '3 tasks stop.'],
    ['fewer replicas of another image', { replicas: 2, image: 'a:2' }, `${EACH} 1 task stops.`],
    ['nothing', {}, 'No task is replaced.'],
  ])('%s', (_, patch, text) => expect(effect(patch)).toBe(text));

  test('follows the policy that the new spec has', () => {
    const at = (update: ServicePatch['update']) => effect({ image: 'a:2', update });
    expect(at({ parallelism: 2 })).toContain('replaced, 2 at a time.');
    expect(at({ parallelism: 0 })).toContain('replaced, all at once.');
    expect(at({ parallelism: 9 })).toContain('replaced, all at once.');
    expect(at({ order: 'start-first' })).toBe(
      `Every task is replaced, one at a time. Each new task starts before the old one stops. ${PAUSES}`,
    );
    expect(at({ monitor: '20s', failureAction: 'rollback' })).toContain(
      'If a new task fails within 20s, swarm rolls the service back.',
    );
    expect(at({ maxFailureRatio: 0.125, failureAction: 'continue' })).toContain(
      'If more than 12.5% of the new tasks fail within 5s, the update goes on.',
    );
    expect(at({ monitor: '0s' })).toContain('within 5s');
  });

  test('of a rollback follows the rollback policy of the spec that comes back', () => {
    const previous = { ...SPEC, TaskTemplate: {}, RollbackConfig: { Parallelism: 0 } };
    expect(effectOf(SPEC, previous, { policy: 'RollbackConfig' })).toMatch(
      /all at once\..* If a new task fails within 5s, swarm pauses the rollback\.$/,
    );
  });

  test('goes on with an update that is not finished, whatever changes', () => {
    const during = (update: string, patch: ServicePatch) =>
      effectOf(SPEC, patchSpec(SPEC, patch), { update });
    expect(during('paused', { labels: { a: 'b' } })).toMatch(
      /^The paused update goes on\. Every task without this definition is replaced, one at a time\./,
    );
    expect(during('rollback_paused', { replicas: 5 })).toMatch(
      /^The paused rollback goes on\. Every task without .* 2 more tasks start\.$/,
    );
    expect(during('updating', { constraints: { add: ['a==b'] } })).toMatch(
      /^Every task without this definition/,
    );
    expect(during('paused', { replicas: 0 })).toBe('3 tasks stop.');
    expect(during('completed', { labels: { a: 'b' } })).toBe('No task is replaced.');
    expect(during('rollback_completed', { env: { A: 'b' } })).toBe(EACH);
  });

  test('of a rollback leaves the tasks that have the earlier definition still', () => {
    const previous = { ...SPEC, TaskTemplate: {} };
    const options = { policy: 'RollbackConfig', update: 'paused' } as const;
    expect(effectOf(SPEC, previous, options)).toMatch(
      /^Every task without this definition is repl/,
    );
  });

  test('of a service without tasks is none', () => {
    const idle = { ...SPEC, Mode: { Replicated: { Replicas: 0 } } };
    expect(effect({ image: 'a:2' }, idle)).toBe('It has no tasks.');
    expect(effect({ image: 'a:2', replicas: 2 }, idle)).toBe('2 more tasks start.');
  });

  test('of a global service', () => {
    expect(effect({ image: 'a:2' }, GLOBAL)).toBe(EACH);
    expect(effect({ constraints: { add: ['node.labels.a==b'] } }, GLOBAL)).toMatch(
      /^Tasks end on nodes that do not satisfy the constraints, and start/,
    );
  });

  test('of a job starts it again, whatever changes', () => {
    const job = { ...SPEC, Mode: { ReplicatedJob: { TotalCompletions: 3 } } };
    expect(effect({ labels: { a: 'b' } }, job)).toBe('The job starts again from the beginning.');
    expect(effect({ replicas: 5 }, job)).toBe('The job starts again from the beginning.');
    expect(effect({}, job)).toBe('');
  });
});
