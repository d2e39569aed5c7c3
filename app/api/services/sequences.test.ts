import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { startDemo } from '@/demo/demo';
import { loadApp } from '@/tests/support/call-app';
import { jsonOverSocket } from '@/tests/support/unix-socket';

/** What a service should be, and what a rollback restores. */
interface Model {
  now: Facts;
  before: Facts | null;
}
interface Facts {
  replicas: number;
  env: Record<string, string>;
  labels: Record<string, string>;
  image: string;
  restarts: number;
  /** Set by another program only: the dashboard does not know it. */
  foreign: string | null;
}

const NAMES = ['A', 'B', 'C'];
const value = fc.option(fc.string({ unit: 'binary', maxLength: 8 }).filter(isText), { nil: null });
const map = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 3 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('scale' as const), to: fc.nat({ max: 4 }) }),
  fc.record({ kind: fc.constant('env' as const), change: map }),
  fc.record({ kind: fc.constant('labels' as const), change: map }),
  fc.record({ kind: fc.constant('image' as const), tag: fc.constantFrom('1.0', '1.1', '2.0') }),
  fc.record({ kind: fc.constant('restart' as const) }),
  fc.record({ kind: fc.constant('rollback' as const) }),
  fc.record({
    kind: fc.constant('foreign' as const),
    signal: fc.constantFrom('SIGUSR1', 'SIGUSR2'),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** No lone surrogates, which UTF-8 cannot carry, and no NUL. */
function isText(text: string): boolean {
  return Buffer.from(text).toString() === text && !text.includes('\0');
}

function merged(before: Record<string, string>, change: Record<string, string | null>) {
  const entries = Object.entries({ ...before, ...change });
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

/** What each kind of change does. */
const CHANGES: {
  [K in Exclude<Step['kind'], 'rollback'>]: (facts: Facts, one: Step & { kind: K }) => Facts;
} = {
  scale: (facts, { to }) => ({ ...facts, replicas: to }),
  env: (facts, { change }) => ({ ...facts, env: merged(facts.env, change) }),
  labels: (facts, { change }) => ({ ...facts, labels: merged(facts.labels, change) }),
  image: (facts, { tag }) => ({ ...facts, image: `carmeloc/goweb:${tag}` }),
  restart: (facts) => ({ ...facts, restarts: facts.restarts + 1 }),
  foreign: (facts, { signal }) => ({ ...facts, foreign: signal }),
};

/** Null if there is nothing to roll back to. */
function modelAfter(model: Model, one: Step): Model | null {
  if (one.kind === 'rollback') {
    return model.before && { now: model.before, before: model.now };
  }
  const change = CHANGES[one.kind] as (facts: Facts, one: Step) => Facts;
  const now = change(model.now, one);
  const same = JSON.stringify(now) === JSON.stringify(model.now);
  // Another program writes what stays the same, too.
  return same && one.kind !== 'foreign' ? model : { now, before: model.now };
}

test('after any sequence of changes a service is what they add up to, and a rollback restores what was before the last', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-sequences-'));
  const socketPath = join(folder, 'demo.sock');
  const demo = await startDemo({ socketPath, seed: 6, speed: 50, replicas: 0 });
  vi.stubEnv('DOCKER_HOST', `unix://${socketPath}`);
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  vi.stubEnv('LOG_LEVEL', 'error');
  vi.resetModules();
  const call = await loadApp();
  const facts = (): Facts => {
    const { Spec } = demo.swarm.service('sequence').api;
    const { ContainerSpec, ForceUpdate } = Spec.TaskTemplate;
    const env = (ContainerSpec['Env'] ?? []) as string[];
    return {
      replicas: Spec.Mode.Replicated?.Replicas ?? -1,
      env: Object.fromEntries(
        env.map((entry) => [
          entry.slice(0, entry.indexOf('=')),
          entry.slice(entry.indexOf('=') + 1),
        ]),
      ),
      labels: Spec.Labels,
      image: ContainerSpec.Image.replace(/@sha256:[0-9a-f]{64}$/, ''),
      restarts: ForceUpdate,
      foreign: (ContainerSpec['StopSignal'] as string | undefined) ?? null,
    };
  };
  /** What `docker service update --stop-signal` does; a rolling update changes the version, too. */
  const foreignChange = (signal: string) =>
    vi.waitFor(
      async () => {
        const { ID, Version, Spec } = Object(
          await jsonOverSocket(socketPath, 'GET', '/services/sequence'),
        );
        Spec.TaskTemplate.ContainerSpec.StopSignal = signal;
        const path = `/services/${ID}/update?version=${Version.Index}`;
        await jsonOverSocket(socketPath, 'POST', path, Spec);
      },
      { interval: 1, timeout: 5000 },
    );
  const make = async (one: Step): Promise<number> => {
    if (one.kind === 'foreign') {
      await foreignChange(one.signal);
      return 202;
    }
    const path = '/api/services/sequence';
    const patch = (body: object) => call('PATCH', path, body);
    const requests = {
      scale: () => call('POST', `${path}/scale`, { replicas: 'to' in one && one.to }),
      env: () => patch({ env: 'change' in one && one.change }),
      labels: () => patch({ labels: 'change' in one && one.change }),
      image: () => patch({ image: 'tag' in one && `carmeloc/goweb:${one.tag}` }),
      restart: () => call('POST', `${path}/restart`),
      rollback: () => call('POST', `${path}/rollback`),
    };
    return (await requests[one.kind]()).status;
  };
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const form = { name: 'sequence', image: 'carmeloc/goweb:1.0', replicas: 1 };
        expect((await call('POST', '/api/services', form)).status).toBe(201);
        try {
          let model: Model = { now: facts(), before: null };
          for (const one of steps) {
            const status = await make(one);
            const next = modelAfter(model, one);
            expect(status).toBe(next === null ? 409 : 202);
            model = next ?? model;
            expect(facts()).toEqual(model.now);
          }
        } finally {
          await call('DELETE', '/api/services/sequence');
        }
      }),
      {
        numRuns: 40,
        // What removes nothing is no change that a rollback could undo.
        examples: [[[{ kind: 'env', change: { A: null } }, { kind: 'rollback' }]]],
      },
    );
  } finally {
    vi.unstubAllEnvs();
    await demo.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
